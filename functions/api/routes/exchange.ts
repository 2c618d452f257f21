import * as exchange from '../../contracts/exchange/exchange-http.ts';
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
