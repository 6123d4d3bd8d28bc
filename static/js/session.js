// Says two minutes before it happens that a session ends, in every window of it at once.
"use strict";

const sessionEnd = document.querySelector("[data-session-end]");

if (sessionEnd) {
  const idleMs = sessionEnd.dataset.idle * 1000;
  const warningMs = sessionEnd.dataset.warning * 1000;
  const windows = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
  const stay = sessionEnd.querySelector("form");
  const ended = sessionEnd.querySelector("[data-ended]");
  let warning = null, ending = null;

  // A field that loses the focus to the warning says that it changed: nobody did anything, so nobody hears it.
  const warn = () => {
    const unheard = (event) => event.stopImmediatePropagation();
    sessionEnd.hidden = false;
    document.addEventListener("change", unheard, true);
    stay.querySelector("button").focus();
    document.removeEventListener("change", unheard, true);
  };

  const end = () => {
    sessionEnd.hidden = false;
    stay.hidden = true;
    ended.hidden = false;
  };

  const restart = () => {
    clearTimeout(warning);
    clearTimeout(ending);
    stay.hidden = false;
    sessionEnd.hidden = ended.hidden = true;
    warning = setTimeout(warn, idleMs - warningMs);
    ending = setTimeout(end, idleMs);
  };

  const seen = () => {
    restart();
    if (windows) windows.postMessage("seen");
  };

  stay.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(stay.action, { method: "POST", body: new FormData(stay) });
    if (answer.status === 204) seen();
    else end();
  });
  if (windows) windows.addEventListener("message", restart);
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) seen(); });
  document.addEventListener("draft:kept", seen);
  seen();
}
