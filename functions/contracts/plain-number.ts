/** Spaces, and marks of no width or that turn the direction of writing. Written out: the phone's oldest browser is not given `\p{Cf}`. */
export const UNSEEN = /[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/** Full-width forms as half-width ones, without spaces and the marks that nobody sees, which a keyboard or a paste from a chat adds to a number. */
export function plainNumber(typed: string): string {
  return typed.normalize('NFKC').replace(UNSEEN, '');
}
