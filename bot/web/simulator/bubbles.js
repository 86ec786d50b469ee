/** The bubbles of the chat. */
import { el, safeLink } from "../shared/dom.js";
import { timeOfDay } from "../shared/time.js";

const LINK = /<a\s+href="([^"]+)"[^>]*>([^<]*)<\/a>|(https?:\/\/[^\s，。；）]+)/g;

/** One bubble as a list item. */
export function bubble(said, phone) {
  const draw = kinds[said.kind] ?? unknown;
  const title = `${timeOfDay(said.at)} ${said.kind}`;
  return el("li", { class: `${said.side} ${said.kind}`, title }, el("div", { class: "bubble" }, ...draw(said, phone)));
}

const kinds = {
  text: ({ text }, phone) => linked(text, phone),
  voice: ({ text }) => [el("b", {}, "语音"), ` ${text}`],
  image: ({ media_id }) => [el("img", { src: `/pictures/${media_id}`, alt: "图片" })],
  video: () => ["视频"],
  location: ({ text }) => [el("b", {}, "位置"), ` ${text}`],
  link: ({ title }) => [el("b", {}, "文章"), ` ${title}`],
  news: (article, phone) => [newsCard(article, phone)],
  msgmenu: ({ head, items, tail }, phone) => [
    ...linked(head, phone),
    ...items.map((item) =>
      el("button", { type: "button", class: "choice", onclick: () => phone.do("choose", { item }) }, item.content),
    ),
    ...linked(tail, phone),
  ],
};

const unknown = ({ kind }) => [`[${kind}]`];

function newsCard({ title, description, picture, url }, phone) {
  const inside = [
    el("strong", {}, title),
    safeLink(picture) && el("img", { src: picture, alt: "" }),
    description && el("span", {}, description),
  ];
  return safeLink(url) ? el("a", { href: phone.link(url), target: "_blank", class: "card" }, ...inside) : el("div", { class: "card" }, ...inside);
}

/** A text with its links: WeChat shows addresses as links, and `<a href>` as well. */
function linked(text, phone) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const [whole, href, label, address] = match;
    parts.push(text.slice(end, match.index), anchor(href ?? address, label ?? address, phone));
    end = match.index + whole.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

function anchor(url, label, phone) {
  return el("a", { href: phone.link(url), target: "_blank" }, label);
}
