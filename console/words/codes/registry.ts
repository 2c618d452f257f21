import type { Pair } from './beside.ts';

/** Words for the codes of people, households and who may do what, in both languages. */
export const registryCodes = {
  role: {
    'district-officer': ['区级专干', 'District officer'],
    'town-officer': ['镇级专干', 'Town officer'],
    'village-worker': ['村级工作人员', 'Village worker'],
    surveyor: ['第三方调查员', 'Surveyor'],
    'insurer-adjuster': ['保险理算员', 'Insurance adjuster'],
    'insurer-approver': ['保险核赔员', 'Insurance approver'],
    auditor: ['审计员', 'Auditor'],
    bank: ['银行', 'Bank'],
  },
  origin: { lifted: ['脱贫户', 'Lifted out of poverty'], general: ['一般农户', 'Ordinary household'] },
  householdStatus: { registered: ['在册', 'Registered'], cancelled: ['已注销', 'Cancelled'] },
  cancelReason: {
    'all-deceased': ['全户死亡', 'All deceased'],
    'moved-away': ['迁出本区', 'Moved away'],
    merged: ['并入他户', 'Merged'],
    duplicate: ['重复登记', 'Registered twice'],
    'registered-in-error': ['登记有误', 'Registered in error'],
    'moved-within-district': ['区内搬迁', 'Moved within the district'],
  },
  relation: {
    head: ['户主', 'Head'],
    spouse: ['配偶', 'Spouse'],
    child: ['子女', 'Child'],
    'child-in-law': ['儿媳女婿', 'Child in law'],
    grandchild: ['孙辈', 'Grandchild'],
    parent: ['父母', 'Parent'],
    grandparent: ['祖父母', 'Grandparent'],
    sibling: ['兄弟姐妹', 'Sibling'],
    other: ['其他', 'Other'],
  },
  sex: { male: ['男', 'Male'], female: ['女', 'Female'] },
  labour: { full: ['有劳动力', 'Full'], weak: ['弱劳动力', 'Weak'], none: ['无劳动力', 'None'] },
  health: {
    healthy: ['健康', 'Healthy'],
    'chronic-illness': ['慢性病', 'Chronic illness'],
    'serious-illness': ['大病', 'Serious illness'],
  },
  storyKind: {
    change: ['变更', 'Change'],
    visit: ['入户', 'Visit'],
    screening: ['排查', 'Screening'],
    case: ['案件', 'Case'],
    notice: ['公示', 'Notice'],
    measure: ['措施', 'Measure'],
    claim: ['理赔', 'Claim'],
    payout: ['支付', 'Payout'],
    help: ['帮扶', 'Help'],
  },
} as const satisfies Record<string, Readonly<Record<string, Pair>>>;
