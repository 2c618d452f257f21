import * as common from '../../contracts/http.ts';
import * as quality from '../../contracts/reports/quality-http.ts';
import * as reports from '../../contracts/reports/reports-http.ts';
import type { Role } from '../../contracts/roles.ts';
import type { Route } from '../../runtime/http.ts';
import { district, readers } from './callers.ts';

export const reportRoutes = {
  readBrief: {
    method: 'GET',
    path: '/v1/reports/brief',
    function: 'reports/reports',
    roles: readers,
    query: reports.briefQuery,
    answers: reports.briefAnswer,
    summary: '简报：任一地区、任一日期，可打印（format=html）或用表格打开（format=csv）',
  },
  readBehind: {
    method: 'GET',
    path: '/v1/reports/brief/figures/{key}',
    function: 'reports/reports',
    roles: readers,
    params: reports.behindParams,
    query: reports.behindQuery,
    answers: reports.behindAnswer,
    summary: '一个数字由哪些户构成',
  },
  readPublished: {
    method: 'GET',
    path: '/v1/reports/briefs',
    function: 'reports/reports',
    roles: readers,
    query: reports.publishedQuery,
    answers: reports.publishedAnswer,
    summary: '各轮封存时自动发布的简报',
  },
  householdVisits: {
    method: 'GET',
    path: '/v1/households/{id}/visits',
    function: 'reports/reports',
    roles: readers,
    params: common.householdParams,
    answers: reports.householdVisitsAnswer,
    summary: '一户历次入户记录：收入、支出、保障、成员和当时的研判',
  },
  householdHistory: {
    method: 'GET',
    path: '/v1/households/{id}/history',
    function: 'reports/reports',
    roles: readers,
    params: common.householdParams,
    answers: reports.historyAnswer,
    summary: '一户历次变更、历轮排查结果，以及按时间排列的全部经过',
  },
  exportPerson: {
    method: 'POST',
    path: '/v1/people/{id}/export',
    function: 'reports/reports',
    roles: district,
    level: 'district',
    params: reports.personParams,
    body: reports.personExportRequest,
    answers: reports.personExportAnswer,
    summary: '个人查阅、复制本人信息：一人的全部记录，须说明理由并留痕',
  },
} satisfies Record<string, Route>;

const workers: readonly Role[] = ['village-worker', 'town-officer', 'district-officer'];

export const qualityRoutes = {
  listFindings: {
    method: 'GET',
    path: '/v1/reports/quality',
    function: 'reports/quality',
    roles: ['village-worker', 'auditor', 'town-officer', 'district-officer'],
    query: quality.qualityQuery,
    answers: quality.qualityPage,
    summary: '数据疑点：按村、规则、轻重、状态查询并计数',
  },
  checkQuality: {
    method: 'POST',
    path: '/v1/reports/quality',
    function: 'reports/quality',
    roles: workers,
    body: quality.checkRequest,
    answers: quality.checkResponse,
    summary: '立即按全部规则核查一个地区；已更正的疑点随之销号',
  },
  explainFinding: {
    method: 'POST',
    path: '/v1/reports/quality/{id}/resolution',
    function: 'reports/quality',
    roles: workers,
    params: quality.findingParams,
    body: quality.resolutionRequest,
    answers: quality.resolutionResponse,
    summary: '说明一个疑点的理由；相同理由重复提交不变',
  },
  readSample: {
    method: 'GET',
    path: '/v1/rounds/{id}/sample',
    function: 'reports/quality',
    roles: readers,
    params: common.roundParams,
    query: quality.sampleQuery,
    answers: quality.sampleResponse,
    summary: '第三方抽查：抽中户、已查户、各镇各村一致率；open=true 为待查清单',
  },
} satisfies Record<string, Route>;
