/** Tests which answer the task `what-stands-next` gave. */
export function stands(...next: string[]): string {
  return `{% $states.input.next in ${JSON.stringify(next).replaceAll('"', "'")} %}`;
}

export const approved = "{% $states.input.outcome = 'approved' %}";
