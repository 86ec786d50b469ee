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

  /** Whether the server asks for patience: trying again at once would only count as one more. */
  get tooMany() {
    return this.status === 429;
  }

  /** Whether the same request may succeed later without being changed. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/**
 * @param {string|URL} url
 * @param {{method?: string, body?: object|Blob, headers?: object, signal?: AbortSignal}} options
 * @returns {Promise<any>} the JSON body, `null` when there is none
 * @throws {ApiError}
 */
export async function request(url, options = {}) {
  return parse((await fetched(url, options, (response) => response.text())).body);
}

/**
 * Fetches a file and hands it to the browser's downloads, under the name that the server gives it.
 *
 * @param {string|URL} url
 * @throws {ApiError}
 */
export async function download(url) {
  const read = (response) => (response.ok ? response.blob() : response.text());
  const { response, body } = await fetched(url, {}, read);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(body);
  link.download = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition"))?.[1] ?? "";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // Safari reads it after the click
}

async function fetched(url, { method = "GET", body, headers = {}, signal }, read) {
  const limit = new AbortController(); // AbortSignal.any and .timeout are missing in the older phones' browsers
  const abort = () => limit.abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  signal?.addEventListener("abort", abort);
  let response;
  let content;
  try {
    response = await fetch(url, {
      method,
      headers: body === undefined || body instanceof Blob ? headers : { "Content-Type": "application/json", ...headers },
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      signal: limit.signal,
      cache: "no-store",
    });
    content = await read(response);
  } catch {
    throw new ApiError(0, signal?.aborted ? "aborted" : "unreachable");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
  if (!response.ok) {
    const told = parse(content);
    throw new ApiError(response.status, told?.code ?? "error", told?.message ?? "");
  }
  return { response, body: content };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // an empty body, or a proxy's error page
  }
}
