//! Lines in two languages, and papers made of them: the words of pages, free of what they are about.

pub mod lang;
pub mod paper;
