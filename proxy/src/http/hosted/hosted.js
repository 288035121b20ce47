// The page may be the answer to a button. From here on, reading it again only reads it.
history.replaceState(null, "", "/connect" + location.search);
