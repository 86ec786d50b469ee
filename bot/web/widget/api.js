import { request } from "../shared/http.js";

/** The customer API of one gateway, as documented on its OpenAPI page. */
export class ChatApi {
  #base;

  /** @param {URL} base where the gateway answers, with a trailing slash */
  constructor(base) {
    this.#base = base;
  }

  config() {
    return request(this.#url("api/chat/config"));
  }

  /** @param {string} [token] signed by the bank's site for its signed-in customer; none means anonymous */
  openSession(token) {
    return request(this.#url("api/chat/sessions"), { method: "POST", body: token ? { token } : {} });
  }

  send(session, { client_message_id, text }, signal) {
    const headers = bearer(session);
    return request(this.#url("api/chat/messages"), { method: "POST", body: { client_message_id, text }, headers, signal });
  }

  rate(session, opinion, signal) {
    return request(this.#url("api/chat/feedback"), { method: "POST", body: opinion, headers: bearer(session), signal });
  }

  since(session, after, signal) {
    return request(this.#url(`api/chat/messages?after=${after}`), { headers: bearer(session), signal });
  }

  stream(session, after) {
    const url = this.#url(`api/chat/stream?after=${after}`);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return new WebSocket(url, ["zhanggui", session]); // a browser cannot set headers on a WebSocket
  }

  #url(path) {
    return new URL(path, this.#base);
  }
}

const bearer = (session) => ({ Authorization: `Bearer ${session}` });
