import * as z from 'zod';
import type { Route } from '../runtime/http.ts';
import { evidenceRoutes, ledgerRoutes } from './routes/assistance.ts';
import { caseRoutes, clueRoutes, decisionRoutes, importRoutes, noticeRoutes, watchRoutes } from './routes/cases.ts';
import { exchangeRoutes } from './routes/exchange.ts';
import {
  claimDocumentRoutes,
  claimReportRoutes,
  claimRoutes,
  payoutRoutes,
  productRoutes,
} from './routes/insurance.ts';
import { divisionRoutes, erasureRoutes, householdRoutes } from './routes/registry.ts';
import { qualityRoutes, reportRoutes } from './routes/reports.ts';
import { criteriaRoutes, roundRoutes, triageRoutes, visitRoutes } from './routes/screening.ts';

/*
 * A part for each function, in routes/, written as plain literals: a handler imports its own part, and its bundle leaves out the
 * others with all their schemas. A call or a spread in there would keep them in.
 */

export const openApiRoutes = {
  openApi: {
    method: 'GET',
    path: '/v1/openapi.json',
    function: 'openapi',
    roles: 'public',
    answers: z.unknown(),
    summary: '本接口的 OpenAPI 3.1 说明',
  },
} satisfies Record<string, Route>;

type Intersection<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never;

function merged<Parts extends Record<string, Route>[]>(...parts: Parts): Intersection<Parts[number]> {
  return Object.assign({}, ...parts);
}

/** The one table of routes. CDK deploys it, the local API serves it, OpenAPI describes it, tests check every role against it. */
export const routes = /* @__PURE__ */ merged(
  householdRoutes,
  divisionRoutes,
  erasureRoutes,
  criteriaRoutes,
  triageRoutes,
  roundRoutes,
  visitRoutes,
  decisionRoutes,
  caseRoutes,
  watchRoutes,
  clueRoutes,
  noticeRoutes,
  importRoutes,
  ledgerRoutes,
  evidenceRoutes,
  reportRoutes,
  qualityRoutes,
  productRoutes,
  claimReportRoutes,
  claimDocumentRoutes,
  claimRoutes,
  payoutRoutes,
  exchangeRoutes,
  openApiRoutes,
);
