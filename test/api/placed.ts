import { illustrativeCriteria } from '../../demo/criteria.ts';
import { VILLAGE, visitOf } from '../playing-households.ts';

/** A request that names a place: a route, where `{}` stands for the place in its address or body, and what kind of place that is. */
export interface Placed {
  route: string;
  /** A region of any kind, a village, or a household of a village. */
  by: 'region' | 'village' | 'household';
  path: string;
  body?: string;
}

const get = (by: Placed['by'], path: string, template: string): Placed => ({ route: `GET ${template}`, by, path });
const post = (by: Placed['by'], template: string, body: object, path = template): Placed => ({
  route: `POST ${template}`,
  by,
  path,
  body: JSON.stringify(body),
});

const reason = '核对有关情况';
const PERSON = 'p-0123456789abcdef';
const { members: _, ...seen } = visitOf({ id: `${VILLAGE}-0001`, members: [] });
const state = { labour: 'full', health: 'healthy', inSchool: false };
const visit = { ...seen, members: [state] };

/** One request of each route that says by itself which place is meant. */
export const placed: readonly Placed[] = [
  ...[
    '/v1/households',
    '/v1/reveals',
    '/v1/ledger',
    '/v1/help-requests',
    '/v1/decisions',
    '/v1/cases',
    '/v1/watch-list',
    '/v1/declarations',
    '/v1/clues/unmatched',
    '/v1/notices/all',
    '/v1/exchange/brief',
    '/v1/claim-reports',
    '/v1/claims',
    '/v1/reports/claims',
    '/v1/reports/brief',
    '/v1/reports/briefs',
    '/v1/reports/quality',
  ].map((path) => get('region', `${path}?region={}`, path)),
  get('region', '/v1/notifications?region={}&since=2023-10-11T00:00:00Z', '/v1/notifications'),
  get('region', '/v1/alerts?region={}&from=2023-10-01&to=2023-10-02', '/v1/alerts'),
  get('region', '/v1/exchange/households?region={}', '/v1/exchange/{kind}'),
  get('region', '/v1/reports/brief/figures/registry.households?region={}', '/v1/reports/brief/figures/{key}'),
  get('region', '/v1/rounds/2023Q4?region={}', '/v1/rounds/{id}'),
  get('region', '/v1/rounds/2023Q4/progress?region={}', '/v1/rounds/{id}/progress'),
  get('region', '/v1/rounds/2023Q4/sample?region={}', '/v1/rounds/{id}/sample'),
  get('region', '/v1/rounds/2023Q4/households?region={}', '/v1/rounds/{id}/households'),
  get('village', '/v1/rounds/2023Q4/worklist?village={}', '/v1/rounds/{id}/worklist'),
  get('village', '/v1/rounds/2023Q4/sheets/{}', '/v1/rounds/{id}/sheets/{village}'),
  get('village', '/v1/exchange/visits/template?village={}', '/v1/exchange/{kind}/template'),
  ...['', '/visits', '/history', '/evidence'].map((part) =>
    get('household', `/v1/households/{}${part}`, `/v1/households/{id}${part}`),
  ),
  post('household', '/v1/households/{id}/reveal', { field: 'phone', reason }, '/v1/households/{}/reveal'),
  post('household', '/v1/households/{id}/calls', { on: '2023-10-11' }, '/v1/households/{}/calls'),
  {
    route: 'PATCH /v1/households/{id}',
    by: 'household',
    path: '/v1/households/{}',
    body: JSON.stringify({ version: 9_999, change: { kind: 'correction', on: '2023-10-11', address: '某村' } }),
  },
  post('household', `/v1/people/{id}/export`, { household: '{}', reason }, `/v1/people/${PERSON}/export`),
  post('household', '/v1/clues', { household: '{}', reason }),
  post('household', '/v1/claims', { household: '{}', person: PERSON, line: 'illness', eventOn: '2023-10-01' }),
  post('household', '/v1/help-requests', {
    ...{
      household: '{}',
      person: PERSON,
      askedOn: '2023-10-01',
      wants: 'work',
      channel: 'counter',
      words: '想找一份工作',
    },
  }),
  post('region', '/v1/households/search', { region: '{}', number: '0001' }),
  post('region', '/v1/export-jobs', { kind: 'households', region: '{}' }),
  post('region', '/v1/reports/quality', { region: '{}' }),
  post(
    'village',
    '/v1/rounds/{id}/visits',
    { village: '{}', visits: [{ ...visit, members: [{ person: PERSON, ...state }] }] },
    '/v1/rounds/2023Q4/visits',
  ),
  post(
    'village',
    '/v1/rounds/{id}/missed',
    {
      village: '{}',
      items: [{ household: '440904001001-9999', reason: 'refused' }],
    },
    '/v1/rounds/2023Q4/missed',
  ),
  post('village', '/v1/rounds/{id}/reminders', { villages: ['{}'] }, '/v1/rounds/2023Q4/reminders'),
  post('region', '/v1/triage', { region: '{}', items: [{ visit, household: { origin: 'lifted', openCase: false } }] }),
  post('region', '/v1/criteria/rehearsals', { round: '2023Q4', region: '{}', terms: illustrativeCriteria }),
  get('region', '/v1/policies/policy-0123456789ab/reconciliation?region={}', '/v1/policies/{id}/reconciliation'),
  get('region', '/v1/ledger/entry-0123456789abcdef/evidence?region={}', '/v1/ledger/{id}/evidence'),
  post(
    'region',
    '/v1/ledger/{id}/reversal',
    { region: '{}', occurredOn: '2023-10-01', on: '2023-10-02', reason },
    '/v1/ledger/entry-0123456789abcdef/reversal',
  ),
  post(
    'village',
    '/v1/reports/quality/{id}/resolution',
    { reason },
    '/v1/reports/quality/{}-0123456789abcdef/resolution',
  ),
  get('region', '/v1/policies/policy-0123456789ab/prompts?region={}', '/v1/policies/{id}/prompts'),
];

export const OPAQUE =
  'names something by an id that is no place: told alike whether it is elsewhere or nowhere (foreign.test.ts)';
const ROWS = 'each row names its own place and has its own answer (exchange, ledger, households, inbox)';
const EVERYBODY = 'is the same for everybody of the district';
const OWN = 'is its maker’s alone, by an id nobody can guess, or names places only in its rows (exchange)';

/** The other routes for less than the whole district, and where their place is judged. */
export const unplaced: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'GET /v1/cases/{id}',
      'GET /v1/cases/{id}/closure-check',
      'POST /v1/cases/{id}/measures',
      'POST /v1/cases/{id}/measures/{measure}',
      'POST /v1/cases/{id}/risks',
      'POST /v1/cases/{id}/helper',
      'POST /v1/cases/{id}/closure',
      'GET /v1/decisions/{id}',
      'POST /v1/decisions/{id}',
      'GET /v1/notices/{id}/objections',
      'POST /v1/notices/{id}/objections/{objection}/answer',
      'POST /v1/clues/{id}/reveal',
      'POST /v1/clues/{id}/resolution',
      'POST /v1/declarations/{receipt}/handover',
      'POST /v1/help-requests/{id}/outcome',
      'POST /v1/claim-reports/{receipt}/conclusion',
      'GET /v1/claims/{id}',
      'GET /v1/claims/{id}/payees',
      'POST /v1/claims/{id}/payee',
      'POST /v1/claims/{id}/documents',
      'POST /v1/claims/{id}/documents/{document}',
      'GET /v1/claims/{id}/documents/{document}',
      'POST /v1/claims/{id}/steps',
      'POST /v1/claims/{id}/appeal',
      'POST /v1/evidence',
      'POST /v1/evidence/{id}',
    ].map((route) => [route, OPAQUE]),
  ),
  ...Object.fromEntries(
    ['POST /v1/households:import', 'POST /v1/decisions', 'POST /v1/ledger', 'POST /v1/exchange/{kind}'].map((route) => [
      route,
      ROWS,
    ]),
  ),
  ...Object.fromEntries(
    [
      'GET /v1/me',
      'GET /v1/divisions',
      'GET /v1/criteria',
      'GET /v1/rounds',
      'GET /v1/products',
      'POST /v1/products/{id}/adjudicate',
      'GET /v1/policies',
    ].map((route) => [route, EVERYBODY]),
  ),
  ...Object.fromEntries(
    [
      'GET /v1/export-jobs/{id}',
      'POST /v1/export-jobs/{id}/steps',
      'POST /v1/import-jobs',
      'GET /v1/import-jobs/{id}',
      'POST /v1/import-jobs/{id}/steps',
    ].map((route) => [route, OWN]),
  ),
};
