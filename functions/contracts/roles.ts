import * as z from 'zod';

/** Who may call: the `role` claim of the token. */
export const role = z.enum([
  'district-officer',
  'town-officer',
  'village-worker',
  'surveyor',
  'insurer-adjuster',
  'insurer-approver',
  'auditor',
  'bank',
]);
export type Role = z.infer<typeof role>;
