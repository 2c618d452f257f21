import type * as z from 'zod';
import type { searchRequest } from '../../../functions/contracts/registry/households-http.ts';

/** What was typed is an ID number, the number in a village's register, or part of a name. */
export function searchOf(region: string, typed: string): z.input<typeof searchRequest> {
  const text = typed.replaceAll(/\s/g, '').toUpperCase();
  if (/^\d{15}$|^\d{17}[\dX]$/.test(text)) return { region, idNumber: text };
  return /^[0-9A-Z]{1,12}$/.test(text) ? { region, number: text } : { region, name: typed.trim() };
}
