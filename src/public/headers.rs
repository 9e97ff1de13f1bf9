//! Samples for other web servers, so that an exported release is served with the headers that our own service sends.
//!
//! Each is a function of the sites that may show embeds in a frame. What stands in the folder of one release keeps its
//! name when the next is put there, so pages are kept for five minutes; only assets have names that change.

use super::shelf::{CONTENT_SECURITY, Kind, PERMISSIONS, policy};

/// Headers that every file has, beside the content security policy.
const COMMON: [(&str, &str); 4] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", PERMISSIONS),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
];
const FOR_NOW: &str = "public, max-age=300";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Media types that servers often do not know.
const TYPES: [(&str, &str); 2] = [("geojson", "application/geo+json"), ("atom", "application/atom+xml")];

fn policies(allowed_hosts: &[String]) -> (String, String) {
    (policy(CONTENT_SECURITY, Kind::Page, allowed_hosts), policy(CONTENT_SECURITY, Kind::Embed, allowed_hosts))
}

/// For nginx: a file for `conf.d`, to be included in the `http` block, and a `location` to be put into the `server`.
pub fn nginx(allowed_hosts: &[String]) -> String {
    let (page, embed) = policies(allowed_hosts);
    let common: String = COMMON.map(|(name, value)| format!("#     add_header {name} \"{value}\" always;\n")).concat();
    let types: String = TYPES.map(|(end, media_type)| format!("#         {media_type} {end};\n")).concat();
    format!(
        "# Published releases. This part belongs into the http block, for instance as a file in /etc/nginx/conf.d.\n\
         map $uri $lagesbild_policy {{\n    \
             default \"{page}\";\n    \
             \"~/embed/[a-z]+/\" \"{embed}\";\n\
         }}\n\
         map $uri $lagesbild_origin {{\n    \
             default \"*\";\n    \
             \"~(\\.html|/)$\" \"\";\n\
         }}\n\
         map $uri $lagesbild_cache {{\n    \
             default \"{FOR_NOW}\";\n    \
             \"~/assets/\" \"{FOR_EVER}\";\n\
         }}\n\
         \n\
         # This part belongs into the server block, without the # in front. Write the folder of the release for\n\
         # /srv/lagesbild/ and the address under which it is to be reached for /lagesbild/.\n\
         # location /lagesbild/ {{\n\
         #     alias /srv/lagesbild/;\n\
         #     index index.html;\n\
         #     charset utf-8;\n\
         #     gzip on;\n\
         #     gzip_types text/css text/plain text/csv text/javascript application/javascript application/json\n\
         #                application/geo+json application/atom+xml image/svg+xml;\n\
         #     types {{\n\
         #         text/html html; text/css css; text/javascript js mjs; text/csv csv; text/plain txt;\n\
         #         image/svg+xml svg; image/png png; application/json json;\n\
         {types}\
         #     }}\n\
         #     add_header Content-Security-Policy $lagesbild_policy always;\n\
         #     add_header Access-Control-Allow-Origin $lagesbild_origin;\n\
         #     add_header Cache-Control $lagesbild_cache;\n\
         {common}\
         # }}\n"
    )
}

/// For Apache 2.4: `.htaccess` in the folder of the release; needs `mod_headers` and `AllowOverride FileInfo`.
pub fn apache(allowed_hosts: &[String]) -> String {
    let (page, embed) = policies(allowed_hosts);
    let common: String = COMMON.map(|(name, value)| format!("Header always set {name} \"{value}\"\n")).concat();
    let types: String = TYPES.map(|(end, media_type)| format!("AddType {media_type} .{end}\n")).concat();
    format!(
        "# Published releases: put this file as .htaccess into the folder of the release.\n\
         # Needs Apache 2.4 with mod_headers (a2enmod headers) and AllowOverride FileInfo for the folder.\n\
         {types}\
         AddDefaultCharset utf-8\n\
         {common}\
         Header always set Content-Security-Policy \"{page}\"\n\
         Header set Cache-Control \"{FOR_NOW}\"\n\
         <If \"%{{REQUEST_URI}} =~ m#/embed/[a-z]+/#\">\n    \
             Header always set Content-Security-Policy \"{embed}\"\n\
         </If>\n\
         <If \"%{{REQUEST_URI}} =~ m#/assets/#\">\n    \
             Header set Cache-Control \"{FOR_EVER}\"\n\
         </If>\n\
         <If \"%{{REQUEST_URI}} !~ m#(\\.html|/)$#\">\n    \
             Header set Access-Control-Allow-Origin \"*\"\n\
         </If>\n"
    )
}

/// For IIS 10: `web.config` in the folder of the release.
pub fn iis(allowed_hosts: &[String]) -> String {
    let (page, embed) = policies(allowed_hosts);
    let add = |name: &str, value: &str| format!("        <add name=\"{name}\" value=\"{value}\" />\n");
    let common: String = COMMON.map(|(name, value)| add(name, value)).concat();
    let types: String = TYPES
        .map(|(end, media_type)| {
            format!("      <remove fileExtension=\".{end}\" />\n      <mimeMap fileExtension=\".{end}\" mimeType=\"{media_type}\" />\n")
        })
        .concat();
    let below = |folder: &str, headers: &str, cache: &str| {
        format!(
            "  <location path=\"{folder}\">\n    <system.webServer>\n{cache}      <httpProtocol>\n        <customHeaders>\n  \
             {}        </customHeaders>\n      </httpProtocol>\n    </system.webServer>\n  </location>\n",
            headers.replace("\n        <", "\n          <")
        )
    };
    let cache = |value: &str| {
        format!(
            "      <staticContent>\n        <clientCache cacheControlCustom=\"{}\" cacheControlMode=\"UseMaxAge\" \
             cacheControlMaxAge=\"{}\" />\n      </staticContent>\n",
            if value == FOR_EVER { "public, immutable" } else { "public" },
            if value == FOR_EVER { "365.00:00:00" } else { "00:05:00" }
        )
    };
    let open = add("Access-Control-Allow-Origin", "*");
    let framed =
        format!("        <remove name=\"Content-Security-Policy\" />\n{}", add("Content-Security-Policy", &embed));
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <!-- Published releases: put this file as web.config into the folder of the release. -->\n\
         <configuration>\n  \
           <system.webServer>\n    \
             <staticContent>\n{types}      \
               <clientCache cacheControlCustom=\"public\" cacheControlMode=\"UseMaxAge\" cacheControlMaxAge=\"00:05:00\" />\n    \
             </staticContent>\n    \
             <httpProtocol>\n      \
               <customHeaders>\n{common}{}      \
               </customHeaders>\n    \
             </httpProtocol>\n  \
           </system.webServer>\n{}{}{}{}\
         </configuration>\n",
        add("Content-Security-Policy", &page),
        below("embed", &framed, ""),
        below("assets", &open, &cache(FOR_EVER)),
        below("data", &open, ""),
        below("picture", &open, ""),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_has_every_header_and_the_hosts_only_where_frames_are() {
        let hosts = ["https://polisen.se".to_string(), "https://www.nassjo.se".to_string()];
        for (name, sample) in [("nginx", nginx(&hosts)), ("apache", apache(&hosts)), ("iis", iis(&hosts))] {
            for (header, value) in COMMON {
                assert!(sample.contains(header) && sample.contains(value), "{name} lacks {header}");
            }
            assert_eq!(sample.matches("frame-ancestors 'none'").count(), 1, "{name}");
            let framed = "frame-ancestors 'self' https://polisen.se https://www.nassjo.se";
            assert_eq!(sample.matches(framed).count(), 1, "{name}");
            assert!(sample.contains("Access-Control-Allow-Origin"), "{name}");
            assert!(sample.contains("application/geo+json"), "{name}");
        }
    }
}
