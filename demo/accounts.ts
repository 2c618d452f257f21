import { role } from '../functions/contracts/roles.ts';

/** The ready accounts of the development issuer: one a role, for the whole district; `region` narrows a token, `person` makes another official. */
export function readyAccounts(district: string) {
  return role.options.map((account) => ({ account, claims: { role: account, region: district } }));
}
