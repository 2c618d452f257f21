import { type Role, role } from '../../contracts/roles.ts';

/** The groups of roles that routes name again and again. */
export const field: readonly Role[] = ['village-worker', 'surveyor', 'town-officer'];
export const officers: readonly Role[] = ['town-officer', 'district-officer'];
export const district: readonly Role[] = ['district-officer'];
export const insurer: readonly Role[] = ['insurer-adjuster', 'insurer-approver'];
export const readers: readonly Role[] = ['village-worker', 'surveyor', 'town-officer', 'district-officer', 'auditor'];
export const everybody: readonly Role[] = role.options;
