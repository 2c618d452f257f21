import * as common from '../../contracts/http/common.ts';
import * as quality from '../../contracts/http/quality.ts';
import type { Role } from '../../contracts/roles.ts';
import type { Route } from '../../runtime/http.ts';
import { readers } from './callers.ts';

const workers: readonly Role[] = ['village-worker', 'town-officer', 'district-officer'];

export const qualityRoutes = {
  listFindings: {
    method: 'GET',
    path: '/v1/reports/quality',
    function: 'quality',
    roles: ['village-worker', 'auditor', 'town-officer', 'district-officer'],
    query: quality.qualityQuery,
    answers: quality.qualityPage,
    summary: '数据疑点：按村、规则、轻重、状态查询并计数',
  },
  checkQuality: {
    method: 'POST',
    path: '/v1/reports/quality',
    function: 'quality',
    roles: workers,
    body: quality.checkRequest,
    answers: quality.checkResponse,
    summary: '立即按全部规则核查一个地区；已更正的疑点随之销号',
  },
  explainFinding: {
    method: 'POST',
    path: '/v1/reports/quality/{id}/resolution',
    function: 'quality',
    roles: workers,
    params: quality.findingParams,
    body: quality.resolutionRequest,
    answers: quality.resolutionResponse,
    summary: '说明一个疑点的理由；相同理由重复提交不变',
  },
  readSample: {
    method: 'GET',
    path: '/v1/rounds/{id}/sample',
    function: 'quality',
    roles: readers,
    params: common.roundParams,
    query: quality.sampleQuery,
    answers: quality.sampleResponse,
    summary: '第三方抽查：抽中户、已查户、各镇各村一致率；open=true 为待查清单',
  },
} satisfies Record<string, Route>;
