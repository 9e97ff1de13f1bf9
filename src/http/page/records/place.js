// A click on the map writes longitude and latitude into their fields. Without this file the fields do the same job.
(function () {
  "use strict";
  var map = document.getElementById("place-map");
  var lon = document.getElementById("f-lon");
  var lat = document.getElementById("f-lat");
  if (!map || !lon || !lat || !map.getScreenCTM) return;
  var dot = map.querySelector("circle");
  var west = Number(map.dataset.west), north = Number(map.dataset.north);
  var perLon = Number(map.dataset.perLon), perLat = Number(map.dataset.perLat);

  function show() {
    var x = (Number(lon.value.replace(",", ".")) - west) * perLon;
    var y = (north - Number(lat.value.replace(",", "."))) * perLat;
    var known = lon.value !== "" && lat.value !== "" && isFinite(x) && isFinite(y);
    dot.setAttribute("visibility", known ? "visible" : "hidden");
    if (known) {
      dot.setAttribute("cx", x.toFixed(1));
      dot.setAttribute("cy", y.toFixed(1));
    }
  }

  map.parentNode.hidden = false;
  map.addEventListener("click", function (event) {
    var point = map.createSVGPoint();
    point.x = event.clientX;
    point.y = event.clientY;
    var at = point.matrixTransform(map.getScreenCTM().inverse());
    lon.value = (west + at.x / perLon).toFixed(6);
    lat.value = (north - at.y / perLat).toFixed(6);
    show();
  });
  lon.addEventListener("input", show);
  lat.addEventListener("input", show);
  show();
})();
