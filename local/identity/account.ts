/** A ready account: whom a token may speak for. */
export interface Account {
  /** Its name in `POST /token`, and the subject of the first person who has it. */
  account: string;
  /** What a person calls it, on the sign-in page. */
  title?: string;
  /** What this person does, in a sentence, on the sign-in page. */
  about?: string;
  /** The length of the codes of those regions that the sign-in page offers for it. */
  regionLength?: number;
  /** Claims of its tokens. With a claim `region`, a token may be asked for a region inside (a longer code with the same beginning). */
  claims: Readonly<Record<string, string>>;
}
