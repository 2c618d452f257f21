/** Whether the browser lets this page keep anything: where all storage is shut off, asking for it throws. */
export const mayStore = may();

function may(): boolean {
  try {
    return localStorage.length >= 0;
  } catch {
    return false;
  }
}

/** A setting that is kept in clear; null when there is none, or nothing can be kept. */
export function stored(key: string): string | null {
  return mayStore ? localStorage.getItem(key) : null;
}
