// What the console does in a browser beyond its forms and links; every page works without it.
"use strict";

// an answer that refuses is shown, too: HTMX would drop it
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// keys: j/k move, Enter opens, e marks as done, r replies, u goes back, / searches, ? shows all of them
const list = document.getElementById("list");
const page = document.body.dataset.page;
let at = -1;

const rows = () => (list ? [...list.querySelectorAll(page === "list" ? "a.thread" : ":scope > li[id]")] : []);

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  at = Math.max(0, Math.min(all.length - 1, (now >= 0 ? now : at) + step));
  all[at].focus();
  all[at].scrollIntoView({ block: "nearest" });
}

function finish() {
  const form =
    page === "chat"
      ? document.getElementById("done")
      : document.activeElement.closest("li")?.querySelector("form.quick");
  form?.requestSubmit();
}

function reply() {
  if (page === "list") {
    const link = document.activeElement.closest("li")?.querySelector("a.thread");
    if (link) location.assign(`${link.href.split("#")[0]}#reply`);
    return;
  }
  (document.querySelector("#reply textarea") ?? document.getElementById("note"))?.focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  e: finish,
  r: reply,
  u: () => document.getElementById("back")?.click(),
  "/": () => document.getElementById("search")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, dialog");
  if (!page || typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

// the browser goes to the place first, which takes the focus away
if (page === "chat" && location.hash === "#reply") addEventListener("load", () => setTimeout(reply));
