import * as common from '../../contracts/http.ts';
import { criteria, criteriaTerms } from '../../contracts/screening/criteria.ts';
import * as criteriaHttp from '../../contracts/screening/criteria-http.ts';
import * as rounds from '../../contracts/screening/rounds-http.ts';
import * as triage from '../../contracts/screening/triage-http.ts';
import * as visits from '../../contracts/screening/visits-http.ts';
import type { Route } from '../../runtime/http.ts';
import { district, field, officers, readers } from './callers.ts';

export const criteriaRoutes = {
  listCriteria: {
    method: 'GET',
    path: '/v1/criteria',
    function: 'screening/criteria',
    roles: readers,
    answers: criteriaHttp.criteriaList,
    summary: '查询研判标准',
  },
  proposeCriteria: {
    method: 'POST',
    path: '/v1/criteria',
    function: 'screening/criteria',
    roles: district,
    level: 'district',
    body: criteriaTerms,
    answers: criteria,
    summary: '提出研判标准，须由另一人批准',
  },
  approveCriteria: {
    method: 'POST',
    path: '/v1/criteria/{id}/approval',
    function: 'screening/criteria',
    roles: district,
    level: 'district',
    params: criteriaHttp.criteriaParams,
    body: common.nothing,
    answers: criteria,
    summary: '批准他人提出的研判标准',
  },
  rehearseCriteria: {
    method: 'POST',
    path: '/v1/criteria/rehearsals',
    function: 'screening/criteria',
    roles: [...district, 'auditor'],
    body: criteriaHttp.rehearsalRequest,
    answers: criteriaHttp.rehearsalResponse,
    summary: '预演：按拟用标准重新研判已封存的一轮，哪些户会改变分类；不保存',
  },
} satisfies Record<string, Route>;

export const triageRoutes = {
  tryTriage: {
    method: 'POST',
    path: '/v1/triage',
    function: 'screening/triage',
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
    function: 'screening/rounds',
    roles: readers,
    answers: rounds.roundList,
    summary: '查询历轮排查',
  },
  openRound: {
    method: 'POST',
    path: '/v1/rounds',
    function: 'screening/rounds',
    roles: district,
    level: 'district',
    body: rounds.openRoundRequest,
    answers: rounds.roundView,
    summary: '开展一轮排查；重复开展得到同一轮',
  },
  readRound: {
    method: 'GET',
    path: '/v1/rounds/{id}',
    function: 'screening/rounds',
    roles: readers,
    params: common.roundParams,
    query: common.optionalRegionQuery,
    answers: rounds.roundDetail,
    summary: '查看一轮排查及分类合计',
  },
  readProgress: {
    method: 'GET',
    path: '/v1/rounds/{id}/progress',
    function: 'screening/rounds',
    roles: readers,
    params: common.roundParams,
    query: rounds.progressQuery,
    answers: rounds.progressResponse,
    summary: '排查进度：村、镇、区；level=village 一次到村，未变时答复 304',
  },
  sealRound: {
    method: 'POST',
    path: '/v1/rounds/{id}/seal',
    function: 'screening/rounds',
    roles: district,
    level: 'district',
    params: common.roundParams,
    body: common.nothing,
    answers: rounds.sealResponse,
    summary: '全部覆盖后提前封存',
  },
  readSheet: {
    method: 'GET',
    path: '/v1/rounds/{id}/sheets/{village}',
    function: 'screening/rounds',
    roles: readers,
    params: common.sheetParams,
    answers: rounds.sheetResponse,
    summary: '一村已封存的排查表',
  },
  listRoundHouseholds: {
    method: 'GET',
    path: '/v1/rounds/{id}/households',
    function: 'screening/rounds',
    roles: readers,
    params: common.roundParams,
    query: rounds.roundHouseholdsQuery,
    answers: rounds.roundHouseholdsPage,
    summary: '已封存一轮的农户：按地区、分类、未入户原因、信号',
  },
  remindVillages: {
    method: 'POST',
    path: '/v1/rounds/{id}/reminders',
    function: 'screening/rounds',
    roles: officers,
    params: common.roundParams,
    body: rounds.remindRequest,
    answers: rounds.remindResponse,
    summary: '督办：提醒进度落后的村，一天一次',
  },
} satisfies Record<string, Route>;

export const visitRoutes = {
  readWorklist: {
    method: 'GET',
    path: '/v1/rounds/{id}/worklist',
    function: 'screening/visits',
    roles: readers,
    params: common.roundParams,
    query: visits.worklistQuery,
    answers: visits.worklistResponse,
    summary: '一村的入户清单',
  },
  submitVisits: {
    method: 'POST',
    path: '/v1/rounds/{id}/visits',
    function: 'screening/visits',
    roles: field,
    params: common.roundParams,
    body: visits.visitsRequest,
    answers: visits.visitsResponse,
    summary: '提交入户记录，每条即时研判并说明（一次最多 100 条）',
  },
  recordMissed: {
    method: 'POST',
    path: '/v1/rounds/{id}/missed',
    function: 'screening/visits',
    roles: field,
    params: common.roundParams,
    body: visits.missedRequest,
    answers: visits.missedResponse,
    summary: '说明未能入户的原因',
  },
} satisfies Record<string, Route>;
