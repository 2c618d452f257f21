/** An ID number as lists show it: the first 6 and the last 4 digits (docs/domain.md, 9). Never shown beside a birth date, which would complete it. */
export function maskIdNumber(id: string): string {
  return `${id.slice(0, 6)}********${id.slice(-4)}`;
}

/** A telephone number as lists show it: the first 3 and the last 4 digits (docs/domain.md, 9). */
export function maskPhone(phone: string): string {
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}
