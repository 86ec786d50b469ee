/** The agents' desk: who is signed in decides which of the screens is there. */
import { el } from "../shared/dom.js";
import { api } from "./api.js";
import { lockCover } from "./staff/lock.js";
import { loginScreen } from "./staff/login.js";
import { Workplace } from "./workplace.js";
import { wording } from "./wording.js";

const root = document.querySelector("#desk");
let workplace = null;

function work(agent) {
  workplace = new Workplace({ agent, onsignedout: signIn });
  root.replaceChildren(workplace.node);
  workplace.start();
}

function signIn(notice = "") {
  workplace?.stop();
  workplace = null;
  document.title = wording.title;
  root.replaceChildren(loginScreen({ notice, onsignedin: work }));
  root.querySelector("input").focus();
}

/** The page was opened while its session is locked. */
function unlock() {
  root.replaceChildren();
  lockCover({ onunlocked: work, onsignedout: signIn });
}

try {
  work((await api.me()).agent);
} catch (error) {
  if (error.code === "desk_locked") unlock();
  else if (error.status === 401) signIn();
  else root.replaceChildren(el("p", { class: "fault", role: "alert" }, wording.unreachable));
}
