import type { Person } from './browser.ts';

/** Every screen, with who looks at it; `{household}`, `{case}`, `{claim}` and `{village}` are filled in from what there is. */
export const screens: readonly { name: string; path: string; as: Person; keys?: readonly string[] }[] = [
  { name: 'inbox', path: 'inbox', as: { account: 'village-worker', region: '{village}' }, keys: ['a'] },
  { name: 'overview', path: 'overview', as: { account: 'district-officer' } },
  { name: 'rounds', path: 'rounds', as: { account: 'district-officer' } },
  { name: 'round', path: 'rounds/{round}', as: { account: 'district-officer' } },
  { name: 'round-households', path: 'rounds/{round}/households?class=monitor', as: { account: 'district-officer' } },
  { name: 'sheet', path: 'rounds/{round}/sheets/{village}', as: { account: 'district-officer' } },
  { name: 'households', path: 'households', as: { account: 'district-officer' } },
  { name: 'household', path: 'households/{household}', as: { account: 'district-officer' } },
  { name: 'household-story', path: 'households/{household}?tab=story', as: { account: 'district-officer' } },
  { name: 'household-visits', path: 'households/{household}?tab=visits', as: { account: 'district-officer' } },
  { name: 'household-changes', path: 'households/{household}?tab=changes', as: { account: 'district-officer' } },
  { name: 'cases', path: 'cases', as: { account: 'district-officer' } },
  { name: 'cases-board', path: 'cases?as=board', as: { account: 'district-officer' } },
  { name: 'notices', path: 'cases?as=notices', as: { account: 'district-officer' } },
  { name: 'case', path: 'cases/{case}', as: { account: 'district-officer' } },
  { name: 'watch', path: 'watch', as: { account: 'district-officer' } },
  { name: 'claims', path: 'claims', as: { account: 'insurer-approver' } },
  { name: 'claim', path: 'claims/{claim}', as: { account: 'insurer-approver' } },
  { name: 'insurance', path: 'insurance', as: { account: 'district-officer' } },
  { name: 'payouts', path: 'payouts', as: { account: 'insurer-approver', person: 3 } },
  { name: 'brief', path: 'brief', as: { account: 'district-officer' } },
  { name: 'ledger', path: 'ledger', as: { account: 'district-officer' } },
  { name: 'quality', path: 'quality', as: { account: 'district-officer' } },
  { name: 'sample', path: 'sample', as: { account: 'district-officer' } },
  { name: 'exchange', path: 'exchange', as: { account: 'district-officer' } },
  { name: 'criteria', path: 'criteria', as: { account: 'district-officer' } },
  { name: 'administration', path: 'administration', as: { account: 'district-officer' } },
  { name: 'erasures', path: 'administration?tab=erasures', as: { account: 'district-officer' } },
  { name: 'events', path: 'administration?tab=events', as: { account: 'district-officer' } },
  { name: 'posters', path: 'administration?tab=posters&region=440904001', as: { account: 'district-officer' } },
];

/** Looks in a running stack for what the addresses of the screens ask for. */
export async function examples(endpoints: { api: string; issuer: string }): Promise<Record<string, string>> {
  const answer = await fetch(`${endpoints.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ account: 'district-officer' }),
  });
  const { access_token } = Object(await answer.json());
  const get = async (path: string): Promise<Record<string, unknown>[]> => {
    const response = await fetch(`${endpoints.api}/v1/${path}`, {
      headers: { authorization: `Bearer ${String(access_token)}` },
    });
    const { items = [] } = Object(await response.json());
    return items;
  };
  const [rounds, cases, claims, pending] = await Promise.all([
    get('rounds'),
    get('cases?region=440904&limit=200'),
    get('claims?region=440904&limit=200'),
    get('decisions?region=440904&role=village-worker&procedure=admission'),
  ]);
  const sealed = rounds
    .filter(({ status }) => status === 'sealed')
    .sort((a, b) => (String(a['id']) < String(b['id']) ? 1 : -1));
  const found = cases.find(({ stage }) => stage === 'open') ?? cases[0];
  const claim = claims.find(({ waiting }) => waiting !== null) ?? claims[0];
  const household = String(pending[0]?.['household'] ?? found?.['household'] ?? '440904001001-0001');
  return {
    round: String(sealed[0]?.['id'] ?? rounds[0]?.['id'] ?? '2023Q4'),
    case: String(found?.['id'] ?? ''),
    claim: String(claim?.['id'] ?? ''),
    household,
    village: household.slice(0, 12),
  };
}

export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
