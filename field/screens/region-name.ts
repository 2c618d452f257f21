import type { Me, Tokens } from '../app/sign-in.ts';
import { ask } from '../send/server.ts';

const roleNames: Record<Me['role'], string> = {
  'district-officer': '区级专干',
  'town-officer': '镇级专干',
  'village-worker': '村级工作人员',
  surveyor: '调查员',
  'insurer-adjuster': '理算员',
  'insurer-approver': '核赔员',
  auditor: '审计员',
  bank: '银行',
};

/** What a lock is called: where and as what somebody works, never who. */
export async function regionNameOf({ access_token }: Tokens, { role, region }: Me): Promise<string> {
  const answer = await ask<{ regionName: string }>({ route: 'readMe' }, access_token).catch(() => undefined);
  return `${answer?.regionName ?? region} · ${roleNames[role]}`;
}
