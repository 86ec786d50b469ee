/** Line drawings on a 24×24 grid. */
export const icons = {
  chat: "M4 5.5h16v10.5H11l-4.5 3.5v-3.5H4z M8 9.5h8 M8 12.5h5",
  close: "M6 6l12 12 M18 6L6 18",
  send: "M12 19V5.5 M6 11l6-6 6 6",
  down: "M12 5v13 M6.5 12.5l5.5 5.5 5.5-5.5",
  person: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z M5 19.5c.8-3.6 3.4-5.5 7-5.5s6.2 1.9 7 5.5",
};
