// What the console does in a browser beyond its forms and links; every page works without it.
"use strict";

// an answer that refuses is shown, too: HTMX would drop it
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
