import * as cases from '../../contracts/cases/cases-http.ts';
import * as clues from '../../contracts/cases/clues-http.ts';
import * as decisions from '../../contracts/cases/decisions-http.ts';
import * as imports from '../../contracts/cases/imports-http.ts';
import * as notices from '../../contracts/cases/notices-http.ts';
import type { Role } from '../../contracts/roles.ts';
import type { Route } from '../../runtime/http.ts';
import { district, insurer, officers, readers } from './callers.ts';

const tiers: readonly Role[] = ['village-worker', 'town-officer', 'district-officer'];

export const decisionRoutes = {
  listDecisions: {
    method: 'GET',
    path: '/v1/decisions',
    function: 'cases/decisions',
    roles: [...readers, ...insurer, 'bank'],
    query: decisions.inboxQuery,
    answers: decisions.inboxPage,
    summary: '待办：按地区和角色，按到期时间排序',
  },
  decide: {
    method: 'POST',
    path: '/v1/decisions/{id}',
    function: 'cases/decisions',
    roles: tiers,
    params: decisions.decisionParams,
    body: decisions.decideRequest,
    answers: decisions.decideResponse,
    summary: '办理一项待办；同一答复重复提交不变，不同答复拒绝',
  },
  decideMany: {
    method: 'POST',
    path: '/v1/decisions',
    function: 'cases/decisions',
    roles: tiers,
    body: decisions.decideManyRequest,
    answers: decisions.decideManyResponse,
    summary: '一次办理多项待办，每项各有结果（一次最多 50 项）',
  },
} satisfies Record<string, Route>;

export const caseRoutes = {
  listCases: {
    method: 'GET',
    path: '/v1/cases',
    function: 'cases/cases',
    roles: readers,
    query: cases.caseListQuery,
    answers: cases.casePage,
    summary: '查询监测对象：按地区、阶段、类别、风险、是否逾期',
  },
  readCase: {
    method: 'GET',
    path: '/v1/cases/{id}',
    function: 'cases/cases',
    roles: readers,
    params: cases.caseParams,
    answers: cases.caseView,
    summary: '查看一个监测对象：各次监测、措施、提示、建议和全部经过',
  },
  planMeasure: {
    method: 'POST',
    path: '/v1/cases/{id}/measures',
    function: 'cases/cases',
    roles: tiers,
    params: cases.caseParams,
    body: cases.planRequest,
    answers: cases.measureResponse,
    summary: '计划一项帮扶措施',
  },
  changeMeasure: {
    method: 'POST',
    path: '/v1/cases/{id}/measures/{measure}',
    function: 'cases/cases',
    roles: tiers,
    params: cases.measureParams,
    body: cases.measureRequest,
    answers: cases.measureResponse,
    summary: '措施开始、完成、放弃，或转介的结果',
  },
  recordRisk: {
    method: 'POST',
    path: '/v1/cases/{id}/risks',
    function: 'cases/cases',
    roles: tiers,
    params: cases.caseParams,
    body: cases.riskRequest,
    answers: cases.riskResponse,
    summary: '补记一种风险，或说明一种风险已消失',
  },
  assignHelper: {
    method: 'POST',
    path: '/v1/cases/{id}/helper',
    function: 'cases/cases',
    roles: officers,
    params: cases.caseParams,
    body: cases.helperRequest,
    answers: cases.helperResponse,
    summary: '更换帮扶责任人',
  },
  closeCase: {
    method: 'POST',
    path: '/v1/cases/{id}/closure',
    function: 'cases/cases',
    roles: tiers,
    params: cases.caseParams,
    body: cases.closureRequest,
    answers: cases.closureResponse,
    summary: '启动风险消除审核；条件不满足的逐条说明',
  },
  checkClosure: {
    method: 'GET',
    path: '/v1/cases/{id}/closure-check',
    function: 'cases/cases',
    roles: readers,
    params: cases.caseParams,
    query: cases.checkQuery,
    answers: cases.checkResponse,
    summary: '逐条核对风险消除条件，不启动任何程序',
  },
} satisfies Record<string, Route>;

export const watchRoutes = {
  readWatchList: {
    method: 'GET',
    path: '/v1/watch-list',
    function: 'assistance/watch-list',
    roles: readers,
    query: cases.watchQuery,
    answers: cases.watchPage,
    summary: '重点人群走访名单及应走访日期',
  },
  recordCall: {
    method: 'POST',
    path: '/v1/households/{id}/calls',
    function: 'assistance/watch-list',
    roles: ['village-worker', 'town-officer'],
    params: cases.householdParams,
    body: cases.callRequest,
    answers: cases.callResponse,
    summary: '记录一次走访',
  },
} satisfies Record<string, Route>;

export const clueRoutes = {
  declare: {
    method: 'POST',
    path: '/v1/declarations',
    function: 'cases/clues',
    roles: 'public',
    body: clues.declarationRequest,
    answers: clues.declarationResponse,
    summary: '农户自主申报，不需登录，返回受理编号',
  },
  readDeclaration: {
    method: 'GET',
    path: '/v1/declarations/{receipt}',
    function: 'cases/clues',
    roles: 'public',
    params: clues.receiptParams,
    answers: clues.declarationStatus,
    summary: '凭受理编号查询办理进度',
  },
  reportAlerts: {
    method: 'POST',
    path: '/v1/alerts',
    function: 'cases/clues',
    roles: district,
    level: 'district',
    body: clues.alertsRequest,
    answers: clues.alertsResponse,
    summary: '部门筛查预警批量推送，每行各有结果（一次最多 500 行）',
  },
  readAlerts: {
    method: 'GET',
    path: '/v1/alerts',
    function: 'cases/clues',
    roles: readers,
    query: clues.alertsQuery,
    answers: clues.alertsReport,
    summary: '部门预警转为监测对象的比例',
  },
  giveClue: {
    method: 'POST',
    path: '/v1/clues',
    function: 'cases/clues',
    roles: tiers,
    body: clues.clueRequest,
    answers: clues.clueResponse,
    summary: '干部走访发现线索，提请核实',
  },
  listUnmatched: {
    method: 'GET',
    path: '/v1/clues/unmatched',
    function: 'cases/clues',
    roles: officers,
    query: clues.unmatchedQuery,
    answers: clues.unmatchedPage,
    summary: '未能匹配到登记户的申报和预警，待人工处理',
  },
  resolveClue: {
    method: 'POST',
    path: '/v1/clues/{id}/resolution',
    function: 'cases/clues',
    roles: officers,
    params: clues.clueParams,
    body: clues.resolutionRequest,
    answers: clues.resolutionResponse,
    summary: '人工匹配到户，或说明理由不予处理',
  },
} satisfies Record<string, Route>;

export const noticeRoutes = {
  listNotices: {
    method: 'GET',
    path: '/v1/notices',
    function: 'cases/notices',
    roles: 'public',
    query: notices.noticeQuery,
    answers: notices.noticeList,
    summary: '正在公示的内容，不需登录；公示期满自动撤下',
  },
  lodgeObjection: {
    method: 'POST',
    path: '/v1/notices/{id}/objections',
    function: 'cases/notices',
    roles: 'public',
    params: notices.noticeParams,
    body: notices.objectionRequest,
    answers: notices.objectionResponse,
    summary: '对公示提出异议，不需登录',
  },
  listObjections: {
    method: 'GET',
    path: '/v1/notices/{id}/objections',
    function: 'cases/notices',
    roles: readers,
    params: notices.noticeParams,
    answers: notices.objectionList,
    summary: '一则公示收到的异议及答复',
  },
  answerObjection: {
    method: 'POST',
    path: '/v1/notices/{id}/objections/{objection}/answer',
    function: 'cases/notices',
    roles: tiers,
    params: notices.objectionParams,
    body: notices.answerRequest,
    answers: notices.answerResponse,
    summary: '答复异议；全部答复后审核方可继续',
  },
} satisfies Record<string, Route>;

export const importRoutes = {
  importCases: {
    method: 'POST',
    path: '/v1/imports/cases',
    function: 'cases/imports',
    roles: district,
    level: 'district',
    body: imports.importCasesRequest,
    answers: imports.importCasesResponse,
    summary: '接收原登记册的监测对象（标注为导入），每行各有结果（一次最多 200 行）',
  },
} satisfies Record<string, Route>;
