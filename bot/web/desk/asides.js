/**
 * What stands among the messages without being one of them: notes, and what a supervisor whispered, in order.
 * A note knows the message it follows; a whisper follows what had been said by its time.
 */
export function asidesOf({ notes = [], whispers = [], messages }) {
  const placed = whispers.map(({ author, text, said_at: at }, number) => {
    const before = messages.findLast(({ seq, created_at }) => seq && Date.parse(created_at) <= Date.parse(at));
    return { note_id: `whisper-${number}`, author, text, created_at: at, mentions: [], after_seq: before?.seq ?? 0, whispered: true };
  });
  const inTime = (one, other) => one.after_seq - other.after_seq || Date.parse(one.created_at) - Date.parse(other.created_at);
  return [...notes, ...placed].sort(inTime);
}
