import * as common from '../../contracts/http.ts';
import { divisions, divisionsSeen } from '../../contracts/regions.ts';
import * as households from '../../contracts/registry/households-http.ts';
import type { Route } from '../../runtime/http.ts';
import { district, everybody, officers, readers } from './callers.ts';

export const householdRoutes = {
  importHouseholds: {
    method: 'POST',
    path: '/v1/households:import',
    function: 'registry/households',
    roles: officers,
    body: households.importRequest,
    answers: households.importResponse,
    summary: '批量登记农户，每行各有结果（一次最多 500 行）；check=true 只核对，不登记',
  },
  listHouseholds: {
    method: 'GET',
    path: '/v1/households',
    function: 'registry/households',
    roles: readers,
    query: households.householdListQuery,
    answers: households.householdPage,
    summary: '查询一个地区的农户：按最近一轮分类、户类型、状态，证件号码遮蔽',
  },
  searchHouseholds: {
    method: 'POST',
    path: '/v1/households/search',
    function: 'registry/households',
    roles: readers,
    body: households.searchRequest,
    answers: households.searchResponse,
    summary: '查找农户：按户编号、成员姓名或证件号码；所查内容不进入网址',
  },
  readHousehold: {
    method: 'GET',
    path: '/v1/households/{id}',
    function: 'registry/households',
    roles: readers,
    params: common.householdParams,
    query: households.householdQuery,
    answers: households.householdView,
    summary: '查看一户，可查任一日期的情况',
  },
  changeHousehold: {
    method: 'PATCH',
    path: '/v1/households/{id}',
    function: 'registry/households',
    roles: [...officers, 'village-worker'],
    params: common.householdParams,
    body: households.changeRequest,
    answers: households.changeResponse,
    summary: '变更一户：出生、死亡、迁入、迁出、分户、并户、搬迁、更正、注销',
  },
  revealHousehold: {
    method: 'POST',
    path: '/v1/households/{id}/reveal',
    function: 'registry/households',
    roles: officers,
    params: common.householdParams,
    body: households.revealRequest,
    answers: households.revealResponse,
    summary: '查看完整号码，须说明理由并留痕',
  },
  listReveals: {
    method: 'GET',
    path: '/v1/reveals',
    function: 'registry/households',
    roles: [...officers, 'auditor'],
    query: households.revealsQuery,
    answers: households.revealsPage,
    summary: '何人何时因何查看过完整号码',
  },
} satisfies Record<string, Route>;

export const divisionRoutes = {
  readMe: {
    method: 'GET',
    path: '/v1/me',
    function: 'registry/divisions',
    roles: everybody,
    answers: households.meAnswer,
    summary: '当前登录人：角色、地区及其名称，以及系统当前时间',
  },
  readDivisions: {
    method: 'GET',
    path: '/v1/divisions',
    function: 'registry/divisions',
    roles: everybody,
    answers: divisionsSeen,
    summary: '查询行政区划',
  },
  writeDivisions: {
    method: 'POST',
    path: '/v1/divisions',
    function: 'registry/divisions',
    roles: district,
    level: 'district',
    body: divisions,
    answers: divisions,
    summary: '导入行政区划',
  },
} satisfies Record<string, Route>;
