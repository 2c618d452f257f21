/** Tests which answer the task `claim-next` gave. */
export function comes(next: string): string {
  return `{% $states.input.next = '${next}' %}`;
}

export const paidOut = "{% $states.input.stage = 'closed' %}";
