/** The agents' desk: who is signed in decides which of the two screens is there. */
import { el } from "../shared/dom.js";
import { api } from "./api.js";
import { loginScreen } from "./login.js";
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

try {
  work((await api.me()).agent);
} catch (error) {
  if (error.status === 401) signIn();
  else root.replaceChildren(el("p", { class: "fault", role: "alert" }, wording.unreachable));
}
