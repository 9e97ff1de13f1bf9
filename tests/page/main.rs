//! The pages through a real server on port 0: small data files made here, pages read as a browser gets them.

mod contents;
mod picture;
mod releases;
mod requests;
mod server;
