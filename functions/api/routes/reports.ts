import * as common from '../../contracts/http/common.ts';
import * as reports from '../../contracts/http/reports.ts';
import type { Route } from '../../runtime/http.ts';
import { readers } from './callers.ts';

export const reportRoutes = {
  readBrief: {
    method: 'GET',
    path: '/v1/reports/brief',
    function: 'reports',
    roles: readers,
    query: reports.briefQuery,
    answers: reports.briefAnswer,
    summary: '简报：任一地区、任一日期，可打印（format=html）或用表格打开（format=csv）',
  },
  readBehind: {
    method: 'GET',
    path: '/v1/reports/brief/figures/{key}',
    function: 'reports',
    roles: readers,
    params: reports.behindParams,
    query: reports.behindQuery,
    answers: reports.behindAnswer,
    summary: '一个数字由哪些户构成',
  },
  readPublished: {
    method: 'GET',
    path: '/v1/reports/briefs',
    function: 'reports',
    roles: readers,
    query: reports.publishedQuery,
    answers: reports.publishedAnswer,
    summary: '各轮封存时自动发布的简报',
  },
  householdHistory: {
    method: 'GET',
    path: '/v1/households/{id}/history',
    function: 'reports',
    roles: readers,
    params: common.householdParams,
    answers: reports.historyAnswer,
    summary: '一户历次变更、历轮排查结果，以及按时间排列的全部经过',
  },
} satisfies Record<string, Route>;
