/** JSON over fetch with a time limit, and one kind of error. */

const TIMEOUT_MS = 20_000; // the gateway itself gives Rasa 10 s, and one earlier message may be in front

export class ApiError extends Error {
  /**
   * @param {number} status HTTP status; 0 when no answer came at all
   * @param {string} code the server's error code, or `unreachable`
   * @param {string} message a sentence for the reader, possibly empty
   */
  constructor(status, code, message = "") {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed later without being changed. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/**
 * @param {string|URL} url
 * @param {{method?: string, body?: object, headers?: object, signal?: AbortSignal}} options
 * @returns {Promise<any>} the JSON body, `null` when there is none
 * @throws {ApiError}
 */
export async function request(url, { method = "GET", body, headers = {}, signal } = {}) {
  const limit = new AbortController(); // AbortSignal.any and .timeout are missing in the older phones' browsers
  const abort = () => limit.abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  signal?.addEventListener("abort", abort);
  let response;
  let text;
  try {
    response = await fetch(url, {
      method,
      headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: limit.signal,
      cache: "no-store",
    });
    text = await response.text();
  } catch {
    throw new ApiError(0, signal?.aborted ? "aborted" : "unreachable");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
  const parsed = parse(text);
  if (!response.ok) throw new ApiError(response.status, parsed?.code ?? "error", parsed?.message ?? "");
  return parsed;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // an empty body, or a proxy's error page
  }
}
