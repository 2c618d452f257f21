import * as exchange from '../../contracts/exchange/exchange-http.ts';
import * as jobs from '../../contracts/exchange/jobs-http.ts';
import * as common from '../../contracts/http.ts';
import type { Role } from '../../contracts/roles.ts';
import type { Route } from '../../runtime/http.ts';
import { insurer, readers } from './callers.ts';

/** Who may ask at all; what each may send or read, the routes behind say. */
const senders: readonly Role[] = ['village-worker', 'surveyor', 'town-officer', 'district-officer'];

export const exchangeRoutes = {
  readTemplate: {
    method: 'GET',
    path: '/v1/exchange/{kind}/template',
    function: 'exchange/exchange',
    roles: readers,
    params: exchange.importParams,
    query: exchange.templateQuery,
    answers: exchange.workbookFile,
    gives: [exchange.XLSX, exchange.CSV],
    summary: '下载空白表格及填写说明',
  },
  importSheet: {
    method: 'POST',
    path: '/v1/exchange/{kind}',
    function: 'exchange/exchange',
    roles: senders,
    params: exchange.importParams,
    query: exchange.importQuery,
    takes: exchange.spreadsheets,
    answers: exchange.importAnswer,
    gives: [exchange.XLSX],
    summary: '用表格（XLSX、CSV）批量导入，每行各有结果；report=xlsx 为标出错误的表格',
  },
  exportSheet: {
    method: 'GET',
    path: '/v1/exchange/{kind}',
    function: 'exchange/exchange',
    roles: [...readers, ...insurer],
    params: exchange.exportParams,
    query: exchange.exportQuery,
    answers: exchange.workbookFile,
    gives: [exchange.XLSX, exchange.CSV],
    summary: '导出一个地区的表格，号码遮蔽',
  },
  askExport: {
    method: 'POST',
    path: '/v1/export-jobs',
    function: 'exchange/exchange',
    roles: [...readers, ...insurer],
    body: jobs.exportRequest,
    answers: jobs.exportJob,
    summary: '导出任意大小的表格（CSV）：在后台分段写出，号码遮蔽',
  },
  readExport: {
    method: 'GET',
    path: '/v1/export-jobs/{id}',
    function: 'exchange/exchange',
    roles: [...readers, ...insurer],
    params: jobs.exportJobParams,
    answers: jobs.exportJob,
    summary: '查看本人的导出进度；完成后给出限时下载地址',
  },
  stepExport: {
    method: 'POST',
    path: '/v1/export-jobs/{id}/steps',
    function: 'exchange/exchange',
    roles: [...readers, ...insurer],
    params: jobs.exportJobParams,
    body: common.nothing,
    answers: jobs.exportJob,
    summary: '让本人停顿的导出继续一步',
  },
  askImport: {
    method: 'POST',
    path: '/v1/import-jobs',
    function: 'exchange/exchange',
    roles: senders,
    body: jobs.importRequest,
    answers: jobs.importJob,
    summary: '登记一个任意大小的导入文件（CSV），答复限时上传地址',
  },
  readImport: {
    method: 'GET',
    path: '/v1/import-jobs/{id}',
    function: 'exchange/exchange',
    roles: senders,
    params: jobs.importJobParams,
    answers: jobs.importJob,
    summary: '查看本人的导入进度；完成后给出标明结果的表格',
  },
  stepImport: {
    method: 'POST',
    path: '/v1/import-jobs/{id}/steps',
    function: 'exchange/exchange',
    roles: senders,
    params: jobs.importJobParams,
    body: common.nothing,
    answers: jobs.importJob,
    summary: '上传后开始导入，或让本人停顿的导入继续一步',
  },
  exportBrief: {
    method: 'GET',
    path: '/v1/exchange/brief',
    function: 'exchange/exchange',
    roles: readers,
    query: exchange.briefWorkbookQuery,
    answers: exchange.workbookFile,
    gives: [exchange.XLSX, exchange.CSV],
    summary: '导出简报的表格',
  },
} satisfies Record<string, Route>;
