import { type Role, role } from '../functions/contracts/roles.ts';
import type { Account, SignInPage } from '../local/index.ts';
import { demoDivisions } from './district/households.ts';

/** Each role's title and duties, and the code length of the regions its people work in. */
const people: Record<Role, { title: string; about: string; regionLength: number }> = {
  'district-officer': {
    title: '区级专干',
    about: '全区：数据比对、区级审批、开展和封存排查、提出研判标准。',
    regionLength: 6,
  },
  'town-officer': { title: '镇级专干', about: '一个镇（街道）：审核村里报来的事项，督促各村入户。', regionLength: 9 },
  'village-worker': {
    title: '村级工作人员',
    about: '一个村：入户排查、核实、组织评议、代农户报案。',
    regionLength: 12,
  },
  surveyor: { title: '第三方调查员', about: '抽查已排查的农户，与村里的结果核对。', regionLength: 6 },
  auditor: { title: '审计员', about: '看得见全部，什么都不能改。', regionLength: 6 },
  'insurer-adjuster': { title: '保险理算员', about: '查勘、理算每一件理赔。', regionLength: 6 },
  'insurer-approver': { title: '保险核赔员', about: '核赔；大额须两人；生成支付指令。', regionLength: 6 },
  bank: { title: '银行', about: '回执每一笔支付：受理、到账、退汇。', regionLength: 6 },
};

/** The ready accounts of the development issuer: one a role, for the whole district; `region` narrows a token, `person` makes another official. */
export function readyAccounts(district: string): Account[] {
  return role.options.map((account) => ({ account, ...people[account], claims: { role: account, region: district } }));
}

/** The sign-in page of the demonstration, with the regions there are. */
export function signInPage(): SignInPage {
  const { district, towns } = demoDivisions();
  return {
    language: 'zh-CN',
    title: '守望 · 选择账号登录',
    note: '演示环境：人物都是虚构的，不需要密码。同一事项须由不同的人办理，可选第几人。',
    enter: '以此身份登录',
    region: '地区',
    person: '人员',
    nth: '第 {n} 人',
    regions: [
      district,
      ...towns.map(({ code, name }) => ({ code, name })),
      ...towns.flatMap((town) => town.villages.map(({ code, name }) => ({ code, name: `${town.name} ${name}` }))),
    ],
  };
}
