import * as z from 'zod';
import { criteria, criteriaTerms } from '../contracts/criteria.ts';
import * as common from '../contracts/http/common.ts';
import * as criteriaHttp from '../contracts/http/criteria.ts';
import * as households from '../contracts/http/households.ts';
import * as rounds from '../contracts/http/rounds.ts';
import * as triage from '../contracts/http/triage.ts';
import * as visits from '../contracts/http/visits.ts';
import { divisions } from '../contracts/regions.ts';
import type { Role } from '../contracts/roles.ts';
import type { Route } from '../runtime/http.ts';

const field: readonly Role[] = ['village-worker', 'surveyor', 'town-officer'];
const officers: readonly Role[] = ['town-officer', 'district-officer'];
const district: readonly Role[] = ['district-officer'];
const readers: readonly Role[] = ['village-worker', 'surveyor', 'town-officer', 'district-officer', 'auditor'];

/*
 * A part for each function, written as plain literals: a handler imports its own part, and its bundle leaves out the others with
 * all their schemas. A call or a spread in here would keep them in.
 */

export const householdRoutes = {
  importHouseholds: {
    method: 'POST',
    path: '/v1/households:import',
    function: 'households',
    roles: officers,
    body: households.importRequest,
    answers: households.importResponse,
    summary: '批量登记农户，每行各有结果（一次最多 500 行）',
  },
  listHouseholds: {
    method: 'GET',
    path: '/v1/households',
    function: 'households',
    roles: readers,
    query: common.regionPageQuery,
    answers: households.householdPage,
    summary: '查询一个地区的农户，证件号码遮蔽',
  },
  readHousehold: {
    method: 'GET',
    path: '/v1/households/{id}',
    function: 'households',
    roles: readers,
    params: common.householdParams,
    query: households.householdQuery,
    answers: households.householdView,
    summary: '查看一户，可查任一日期的情况',
  },
  changeHousehold: {
    method: 'PATCH',
    path: '/v1/households/{id}',
    function: 'households',
    roles: [...officers, 'village-worker'],
    params: common.householdParams,
    body: households.changeRequest,
    answers: households.changeResponse,
    summary: '变更一户：出生、死亡、迁入、迁出、分户、并户、搬迁、更正、注销',
  },
  revealHousehold: {
    method: 'POST',
    path: '/v1/households/{id}/reveal',
    function: 'households',
    roles: officers,
    params: common.householdParams,
    body: households.revealRequest,
    answers: households.revealResponse,
    summary: '查看完整号码，须说明理由并留痕',
  },
  householdHistory: {
    method: 'GET',
    path: '/v1/households/{id}/history',
    function: 'households',
    roles: readers,
    params: common.householdParams,
    answers: households.historyResponse,
    summary: '一户历次变更与历轮排查结果',
  },
} satisfies Record<string, Route>;

export const divisionRoutes = {
  readDivisions: {
    method: 'GET',
    path: '/v1/divisions',
    function: 'divisions',
    roles: readers,
    answers: divisions,
    summary: '查询行政区划',
  },
  writeDivisions: {
    method: 'POST',
    path: '/v1/divisions',
    function: 'divisions',
    roles: district,
    body: divisions,
    answers: divisions,
    summary: '导入行政区划',
  },
} satisfies Record<string, Route>;

export const criteriaRoutes = {
  listCriteria: {
    method: 'GET',
    path: '/v1/criteria',
    function: 'criteria',
    roles: readers,
    answers: criteriaHttp.criteriaList,
    summary: '查询研判标准',
  },
  proposeCriteria: {
    method: 'POST',
    path: '/v1/criteria',
    function: 'criteria',
    roles: district,
    body: criteriaTerms,
    answers: criteria,
    summary: '提出研判标准，须由另一人批准',
  },
  approveCriteria: {
    method: 'POST',
    path: '/v1/criteria/{id}/approval',
    function: 'criteria',
    roles: district,
    params: criteriaHttp.criteriaParams,
    body: common.nothing,
    answers: criteria,
    summary: '批准他人提出的研判标准',
  },
} satisfies Record<string, Route>;

export const triageRoutes = {
  tryTriage: {
    method: 'POST',
    path: '/v1/triage',
    function: 'triage',
    roles: readers,
    body: triage.triageRequest,
    answers: triage.triageResponse,
    summary: '试算研判结果，不保存',
  },
} satisfies Record<string, Route>;

export const roundRoutes = {
  listRounds: {
    method: 'GET',
    path: '/v1/rounds',
    function: 'rounds',
    roles: readers,
    answers: rounds.roundList,
    summary: '查询历轮排查',
  },
  openRound: {
    method: 'POST',
    path: '/v1/rounds',
    function: 'rounds',
    roles: district,
    body: rounds.openRoundRequest,
    answers: rounds.roundView,
    summary: '开展一轮排查；重复开展得到同一轮',
  },
  readRound: {
    method: 'GET',
    path: '/v1/rounds/{id}',
    function: 'rounds',
    roles: readers,
    params: common.roundParams,
    query: common.optionalRegionQuery,
    answers: rounds.roundDetail,
    summary: '查看一轮排查及分类合计',
  },
  readProgress: {
    method: 'GET',
    path: '/v1/rounds/{id}/progress',
    function: 'rounds',
    roles: readers,
    params: common.roundParams,
    query: common.regionQuery,
    answers: rounds.progressResponse,
    summary: '排查进度：村、镇、区',
  },
  sealRound: {
    method: 'POST',
    path: '/v1/rounds/{id}/seal',
    function: 'rounds',
    roles: district,
    params: common.roundParams,
    body: common.nothing,
    answers: rounds.sealResponse,
    summary: '全部覆盖后提前封存',
  },
  readSheet: {
    method: 'GET',
    path: '/v1/rounds/{id}/sheets/{village}',
    function: 'rounds',
    roles: readers,
    params: common.sheetParams,
    answers: rounds.sheetResponse,
    summary: '一村已封存的排查表',
  },
} satisfies Record<string, Route>;

export const visitRoutes = {
  readWorklist: {
    method: 'GET',
    path: '/v1/rounds/{id}/worklist',
    function: 'visits',
    roles: readers,
    params: common.roundParams,
    query: visits.worklistQuery,
    answers: visits.worklistResponse,
    summary: '一村的入户清单',
  },
  submitVisits: {
    method: 'POST',
    path: '/v1/rounds/{id}/visits',
    function: 'visits',
    roles: field,
    params: common.roundParams,
    body: visits.visitsRequest,
    answers: visits.visitsResponse,
    summary: '提交入户记录，每条即时研判并说明（一次最多 100 条）',
  },
  recordMissed: {
    method: 'POST',
    path: '/v1/rounds/{id}/missed',
    function: 'visits',
    roles: field,
    params: common.roundParams,
    body: visits.missedRequest,
    answers: visits.missedResponse,
    summary: '说明未能入户的原因',
  },
} satisfies Record<string, Route>;

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
export const routes = /* @__PURE__ */ merged(householdRoutes, divisionRoutes, criteriaRoutes, triageRoutes, roundRoutes, visitRoutes, openApiRoutes);
