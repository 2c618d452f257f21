import * as z from 'zod';
import * as common from '../contracts/http/common.ts';
import * as households from '../contracts/http/households.ts';
import * as screening from '../contracts/http/screening.ts';
import type { Role } from '../contracts/roles.ts';
import type { Route } from '../runtime/http.ts';

const field: readonly Role[] = ['village-worker', 'surveyor', 'town-officer', 'district-officer'];
const officers: readonly Role[] = ['town-officer', 'district-officer'];
const district: readonly Role[] = ['district-officer'];
const readers: readonly Role[] = [...field, 'auditor'];

/** Fills in what a route leaves out: no path parameters, no query, no body. */
function route<P extends z.ZodType = typeof common.nothing, Q extends z.ZodType = typeof common.nothing, B extends z.ZodType = z.ZodUndefined>(
  given: Omit<Route<P, Q, B>, 'params' | 'query' | 'body'> & { params?: P; query?: Q; body?: B },
) {
  const { params = common.nothing, query = common.nothing, body = z.undefined() } = given;
  return { ...given, params, query, body } as Route<P, Q, B>;
}

/** The one table of routes. CDK deploys it, the local API serves it, OpenAPI describes it, tests check every role against it. */
export const routes = {
  importHouseholds: route({
    method: 'POST', path: '/v1/households:import', function: 'households', roles: officers,
    body: households.importRequest, answers: households.importResponse, summary: '批量登记农户，每行各有结果（一次最多 500 行）',
  }),
  listHouseholds: route({
    method: 'GET', path: '/v1/households', function: 'households', roles: readers,
    query: common.regionPageQuery, answers: households.householdPage, summary: '查询一个地区的农户，证件号码遮蔽',
  }),
  readHousehold: route({
    method: 'GET', path: '/v1/households/{id}', function: 'households', roles: readers,
    params: common.householdParams, query: households.householdQuery, answers: households.householdView, summary: '查看一户，可查任一日期的情况',
  }),
  changeHousehold: route({
    method: 'PATCH', path: '/v1/households/{id}', function: 'households', roles: [...officers, 'village-worker'],
    params: common.householdParams, body: households.changeRequest, answers: households.changeResponse, summary: '变更一户：出生、死亡、迁入、迁出、分户、并户、搬迁、更正、注销',
  }),
  revealHousehold: route({
    method: 'POST', path: '/v1/households/{id}/reveal', function: 'households', roles: officers,
    params: common.householdParams, body: households.revealRequest, answers: households.revealResponse, summary: '查看完整号码，须说明理由并留痕',
  }),
  householdHistory: route({
    method: 'GET', path: '/v1/households/{id}/history', function: 'households', roles: readers,
    params: common.householdParams, answers: households.historyResponse, summary: '一户历次变更与历轮排查结果',
  }),
  readDivisions: route({
    method: 'GET', path: '/v1/divisions', function: 'divisions', roles: readers, answers: screening.divisionsResponse, summary: '查询行政区划',
  }),
  writeDivisions: route({
    method: 'POST', path: '/v1/divisions', function: 'divisions', roles: district,
    body: screening.divisionsRequest, answers: screening.divisionsResponse, summary: '导入行政区划',
  }),
  listCriteria: route({
    method: 'GET', path: '/v1/criteria', function: 'criteria', roles: readers, answers: screening.criteriaList, summary: '查询研判标准',
  }),
  proposeCriteria: route({
    method: 'POST', path: '/v1/criteria', function: 'criteria', roles: district,
    body: screening.criteriaTerms, answers: screening.criteria, summary: '提出研判标准，须由另一人批准',
  }),
  approveCriteria: route({
    method: 'POST', path: '/v1/criteria/{id}/approval', function: 'criteria', roles: district,
    params: screening.criteriaParams, body: common.nothing, answers: screening.criteria, summary: '批准他人提出的研判标准',
  }),
  tryTriage: route({
    method: 'POST', path: '/v1/triage', function: 'triage', roles: readers,
    body: screening.triageRequest, answers: screening.triageResponse, summary: '试算研判结果，不保存',
  }),
  listRounds: route({
    method: 'GET', path: '/v1/rounds', function: 'rounds', roles: readers, answers: screening.roundList, summary: '查询历轮排查',
  }),
  openRound: route({
    method: 'POST', path: '/v1/rounds', function: 'rounds', roles: district,
    body: screening.openRoundRequest, answers: screening.roundView, summary: '开展一轮排查；重复开展得到同一轮',
  }),
  readRound: route({
    method: 'GET', path: '/v1/rounds/{id}', function: 'rounds', roles: readers,
    params: common.roundParams, query: common.optionalRegionQuery, answers: screening.roundDetail, summary: '查看一轮排查及分类合计',
  }),
  readProgress: route({
    method: 'GET', path: '/v1/rounds/{id}/progress', function: 'rounds', roles: readers,
    params: common.roundParams, query: common.regionQuery, answers: screening.progressResponse, summary: '排查进度：村、镇、区',
  }),
  readWorklist: route({
    method: 'GET', path: '/v1/rounds/{id}/worklist', function: 'visits', roles: readers,
    params: common.roundParams, query: screening.worklistQuery, answers: screening.worklistResponse, summary: '一村的入户清单',
  }),
  submitVisits: route({
    method: 'POST', path: '/v1/rounds/{id}/visits', function: 'visits', roles: ['village-worker', 'surveyor', 'town-officer'],
    params: common.roundParams, body: screening.visitsRequest, answers: screening.visitsResponse, summary: '提交入户记录，每条即时研判并说明（一次最多 100 条）',
  }),
  recordMissed: route({
    method: 'POST', path: '/v1/rounds/{id}/missed', function: 'visits', roles: ['village-worker', 'surveyor', 'town-officer'],
    params: common.roundParams, body: screening.missedRequest, answers: screening.missedResponse, summary: '说明未能入户的原因',
  }),
  sealRound: route({
    method: 'POST', path: '/v1/rounds/{id}/seal', function: 'rounds', roles: district,
    params: common.roundParams, body: common.nothing, answers: screening.sealResponse, summary: '全部覆盖后提前封存',
  }),
  readSheet: route({
    method: 'GET', path: '/v1/rounds/{id}/sheets/{village}', function: 'rounds', roles: readers,
    params: common.sheetParams, answers: screening.sheetResponse, summary: '一村已封存的排查表',
  }),
  openApi: route({
    method: 'GET', path: '/v1/openapi.json', function: 'openapi', roles: 'public', answers: z.unknown(), summary: '本接口的 OpenAPI 3.1 说明',
  }),
};
