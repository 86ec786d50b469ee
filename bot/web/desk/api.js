import { request } from "../shared/http.js";

const BASE = new URL("../../api/desk/", import.meta.url);
const OURS = { "X-Desk": "1" }; // no other site's page can send this header

const get = (path) => request(new URL(path, BASE));
const post = (path, body = {}) => request(new URL(path, BASE), { method: "POST", body, headers: OURS });
const one = (id) => `conversations/${encodeURIComponent(id)}`;

/** The desk API. The session is a cookie, so there is nothing to carry here. */
export const api = {
  me: () => get("me"),
  login: (login, password) => post("login", { login, password }),
  logout: () => post("logout"),
  list: (view) => get(`conversations?view=${view}`),
  conversation: (id) => get(one(id)),
  claim: (id) => post(`${one(id)}/claim`),
  reply: (id, { client_message_id, text }) => post(`${one(id)}/messages`, { client_message_id, text }),
  giveBack: (id, note) => post(`${one(id)}/return`, note ? { note } : {}),
  close: (id) => post(`${one(id)}/close`),
  stream() {
    const url = new URL("stream", BASE);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return new WebSocket(url);
  },
};
