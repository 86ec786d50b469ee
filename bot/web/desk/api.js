import { ApiError, download, request } from "../shared/http.js";

const BASE = new URL("../../api/desk/", import.meta.url);
const OURS = { "X-Desk": "1" }; // no other site's page can send this header

/** Told to the window when the server says that the desk is locked. */
export const LOCKED = "desklocked";

const get = (path) => call(path);
const post = (path, body = {}) => call(path, { method: "POST", body, headers: OURS });
const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value));
const one = (id) => `conversations/${encodeURIComponent(id)}`;
const complaint = (number) => `complaints/${encodeURIComponent(number)}`;

const account = (id) => `accounts/${encodeURIComponent(id)}`;

async function call(path, options) {
  try {
    return await request(new URL(path, BASE), options);
  } catch (error) {
    if (error.code === "desk_locked") dispatchEvent(new Event(LOCKED));
    throw error;
  }
}

/** The desk API. The session is a cookie, so there is nothing to carry here. */
export const api = {
  me: () => get("me"),
  login: (login, password) => post("login", { login, password }),
  /** The second step, and those of the first sign-in. */
  enterCode: (code) => post("login/code", { code }),
  choosePassword: (password) => post("login/password", { password }),
  beginEnrolment: () => post("login/enrolment"),
  confirmEnrolment: (code) => post("login/enrolment/confirm", { code }),
  logout: () => post("logout"),
  unlock: (password) => post("unlock", { password }),
  /** A person is at the page. */
  activity: () => post("activity"),
  changePassword: (values) => post("me/password", values),
  mySessions: () => get("me/sessions"),
  revokeMine: (id) => post(`me/sessions/${encodeURIComponent(id)}/revoke`),
  accounts: () => get("accounts"),
  addAccount: (values) => post("accounts", values),
  /** `role`, `disable`, `enable`, `password` or `totp`. */
  changeAccount: (id, move, values) => post(`${account(id)}/${move}`, values),
  revokeAll: (id) => post(`${account(id)}/sessions/revoke`),
  /** A masked value: `what` is `name`, `phone` or a placeholder. */
  reveal: (id, values) => post(`${one(id)}/reveal`, values),
  list: (view) => get(`conversations?view=${view}`),
  conversation: (id) => get(one(id)),
  picture: (id, seq) => new URL(`${one(id)}/pictures/${seq}`, BASE).href,
  claim: (id) => post(`${one(id)}/claim`),
  reply: (id, { client_message_id, text }) => post(`${one(id)}/messages`, { client_message_id, text }),
  /** To the bot; a `suggestion` becomes a button with which the customer asks it. */
  giveBack: (id, { note, suggestion }) => post(`${one(id)}/return`, { note: note || undefined, suggestion: suggestion || undefined }),
  close: (id, summary) => post(`${one(id)}/close`, { summary }),
  colleagues: () => get("colleagues"),
  /** Everybody who serves, with presence, load and skills. */
  team: () => get("team"),
  setAway: (away) => post("team/me", { away }),
  setProfile: (agentId, profile) => post(`team/${agentId}`, profile),
  /** `conversation_id` is null where nobody waits for me. */
  claimNext: () => post("conversations/next"),
  /** Messages left after hours. */
  tickets: () => get("tickets"),
  takeTicket: (id) => post(`tickets/${encodeURIComponent(id)}/take`),
  /** The open offers to me and from me. */
  transfers: () => get("transfers"),
  /** To a colleague (`agent_id`) or to whoever has a `skill`. */
  transfer: (id, { agent_id, skill, note }) => post(`${one(id)}/transfer`, { agent_id, skill, note }),
  acceptTransfer: (id) => post(`${one(id)}/transfer/accept`),
  takeOver: (id) => post(`${one(id)}/take_over`),
  /** To whoever serves, unseen by the customer. */
  whisper: (id, text) => post(`${one(id)}/whisper`, { text }),
  /** Mine: withdraws it. */
  declineTransfer: (id) => post(`${one(id)}/transfer/decline`),
  /** What only colleagues see; the same `note_id` again writes nothing. */
  writeNote: (id, { note_id, text, mentions }) => post(`${one(id)}/notes`, { note_id, text, mentions }),
  seeNotes: (id) => post(`${one(id)}/notes/seen`),
  tags: () => get("tags"),
  putTags: (id, tags) => post(`${one(id)}/tags`, { tags }),
  suggestions: (id) => get(`${one(id)}/suggestions`),
  fileComplaint: (id, values) => post(`${one(id)}/complaints`, values),
  wall: () => get("wall"),
  exportServices: (values) => download(new URL(`wall/services?${query(values)}`, BASE)),
  cannedReplies: () => get("canned-replies"),
  addCannedReply: (values) => post("canned-replies", values),
  /** `change` or `remove`. */
  moveCannedReply: (id, move, values) => post(`canned-replies/${encodeURIComponent(id)}/${move}`, values),
  complaints: (filters) => get(`complaints?${query(filters)}`),
  complaintChoices: () => get("complaints/choices"),
  complaint: (number) => get(complaint(number)),
  /** One of the moves that the complaint offers, e.g. `accept`, with what it needs. */
  move: (number, move, values) => post(`${complaint(number)}/${move}`, values),
  checkWording: (text) => post("complaints/wording", { text }),
  exportComplaints: (values) => download(new URL(`complaints/export?${query(values)}`, BASE)),
  knowledgeState: () => get("knowledge/state"),
  inbox: () => get("knowledge/inbox"),
  dismissMisses: (values) => post("knowledge/inbox/dismiss", values),
  entries: (search) => get(`knowledge/entries?${query({ search })}`),
  entry: (id) => get(`knowledge/entries/${encodeURIComponent(id)}`),
  drafts: () => get("knowledge/drafts"),
  /** `record` null takes the entry out; `misses` are the questions that it answers. */
  beginDraft: (values) => post("knowledge/drafts", values),
  /** `change`, `submit`, `withdraw`, `send_back` or `publish`. */
  moveDraft: (id, move, values) => post(`knowledge/drafts/${encodeURIComponent(id)}/${move}`, values),
  rollBack: (id, version) => post(`knowledge/entries/${encodeURIComponent(id)}/rollback`, { version }),
  hitTest: (text) => get(`knowledge/hit-test?${query({ text })}`),
  rebuild: () => post("knowledge/build"),
  exportEntries: ({ format }) => download(new URL(`knowledge/sheet?${query({ format })}`, BASE)),
  importEntries: (file) => post("knowledge/sheet", file),
  outbox: () => get("outbox"),
  retryWrite: (id) => post(`outbox/${id}/retry`),
  discardWrite: (id, { reason }) => post(`outbox/${id}/discard`, { reason }),
  stream() {
    const url = new URL("stream", BASE);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return new WebSocket(url);
  },
};

/** The message of an error, in words an agent can use. */
export const explain = (error, otherwise) => (error instanceof ApiError && error.message) || otherwise;
