/**
 * The one line a bank puts on its pages:
 *
 *   <script type="module" src="https://chat.bank.example/static/widget/widget.js"></script>
 *
 * It defines `<zhanggui-chat>` and adds one if the page has none. `data-side="left"` and `data-open` on the script
 * become the element's attributes.
 */
import { ZhangguiChat } from "./element.js";

customElements.define("zhanggui-chat", ZhangguiChat);

if (!document.querySelector("zhanggui-chat")) {
  const chat = document.createElement("zhanggui-chat");
  const script = [...document.querySelectorAll("script[type=module]")].find(({ src }) => src === import.meta.url);
  for (const [name, value] of Object.entries(script?.dataset ?? {})) chat.setAttribute(name, value);
  document.body.append(chat);
}
