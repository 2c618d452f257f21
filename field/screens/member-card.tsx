import { type Said, say, t } from '../app/words.ts';
import type { MemberAnswers } from '../keep/forms.ts';
import type { WorkItem } from '../rules/judge.ts';
import { healthNames, labourNames } from '../rules/names.ts';
import { Choice } from './parts.tsx';

/** One member of the family on the visit form. */
export function MemberCard(props: {
  item: WorkItem;
  member: MemberAnswers;
  wrong: Said | undefined;
  onChange: (next: MemberAnswers) => void;
}) {
  const { member, onChange } = props;
  const known = props.item.household.members.find(({ person }) => person === member.person);
  const name = known === undefined ? t('（已不在本户）', '(no longer here)') : known.name;
  const { disabilityGrade: grade, ...rest } = member;
  return (
    <fieldset class="member" data-line={member.person}>
      <legend>
        {name}
        {known === undefined ? '' : t(`，${known.age} 岁`, `, ${known.age}`)}
      </legend>
      <Choice
        name={`${name} ${t('劳动能力', 'labour')}`}
        value={member.labour}
        options={labourNames}
        onChange={(labour) => onChange({ ...member, labour })}
      />
      <Choice
        name={`${name} ${t('健康', 'health')}`}
        value={member.health}
        options={healthNames}
        onChange={(health) => onChange({ ...member, health })}
      />
      <Choice
        name={`${name} ${t('残疾等级', 'disability')}`}
        value={grade ?? 0}
        options={[
          [0, ['无残疾', 'None']],
          [1, ['一级', '1']],
          [2, ['二级', '2']],
          [3, ['三级', '3']],
          [4, ['四级', '4']],
        ]}
        onChange={(next) => onChange(next === 0 ? rest : { ...rest, disabilityGrade: next })}
      />
      <Choice
        name={`${name} ${t('是否在校', 'school')}`}
        value={member.inSchool}
        options={[
          [false, ['不在校', 'Not in school']],
          [true, ['在校', 'In school']],
        ]}
        onChange={(inSchool) => onChange({ ...member, inSchool })}
      />
      {props.wrong === undefined ? null : <small class="fault">{say(props.wrong)}</small>}
    </fieldset>
  );
}
