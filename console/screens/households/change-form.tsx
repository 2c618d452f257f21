import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { cancelReason, relation } from '../../../functions/contracts/registry/household.ts';
import { householdId, householdNumber } from '../../../functions/contracts/values.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, Refused, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useVillages } from '../../ui/region.tsx';
import { useUnsaved } from '../../ui/unsaved.ts';
import { fill, useWords } from '../../words/language.tsx';
import { storyTitle } from '../../words/story.ts';
import { type ChangeFields, changeOf, kindsFor, previewOf } from './change.ts';
import { changeNames } from './change-names.ts';

type Household = Answer<'readHousehold'>;
interface Previewed {
  fields: ChangeFields;
  /** The household as the preview shows it, and as it must still be when the change is confirmed. */
  household: Household;
  other: Household | undefined;
}

export function ChangeForm({ household }: { household: Household }) {
  const { w, of, language } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<ChangeFields>();
  const [preview, setPreview] = useState<Previewed>();
  useUnsaved(() => form.isFieldsTouched());
  const kind = Form.useWatch('kind', form);
  // A merge is made from the version of the other household that its preview shows.
  const look = useMutation({
    mutationFn: async (fields: ChangeFields): Promise<Previewed> => ({
      fields,
      household,
      other: fields.kind === 'merge' ? await call('readHousehold', { params: { id: fields.into ?? '' } }) : undefined,
    }),
    onSuccess: setPreview,
    onError: problem,
  });
  const change = useMutation({
    mutationFn: ({ fields, household: seen, other }: Previewed) =>
      call('changeHousehold', {
        params: { id: seen.id },
        body: { version: seen.version, change: changeOf(fields, other) },
      }),
    onSuccess: () => {
      void message.success(w.done);
      setPreview(undefined);
      form.resetFields();
      void client.invalidateQueries();
    },
    // The household is read anew; whoever still wants the change looks at what it would make of that one.
    onError: (error) => {
      problem(error);
      if (!(error instanceof Refused) || error.status === 409) setPreview(undefined);
    },
  });
  return (
    <Block title={w.newChange}>
      <Form
        form={form}
        layout="vertical"
        size="small"
        requiredMark={false}
        initialValues={{ on: dayOf(serverNow()) }}
        onFinish={look.mutate}
        onValuesChange={() => setPreview(undefined)}
        className="decide-fields"
      >
        <Form.Item name="kind" label={w.change} rules={[{ required: true, message: w.needed }]}>
          <Select
            options={kindsFor(me.role).map((value) => ({
              value,
              label: storyTitle(changeNames[value] ?? value, language),
            }))}
          />
        </Form.Item>
        <Form.Item name="on" label={w.on} rules={[{ required: true, message: w.needed }]}>
          <Input type="date" />
        </Form.Item>
        <Rest household={household} kind={kind} />
        <Form.Item label=" ">
          <Button htmlType="submit" loading={look.isPending}>
            {w.preview}
          </Button>
        </Form.Item>
      </Form>
      {preview === undefined ? null : (
        <div className="decide">
          <Preview {...preview} />
          {preview.fields.kind === 'certificate' ? (
            <p>
              {fill(w.certificateOf, {
                name: preview.household.members.find(({ person }) => person === preview.fields.person)?.name ?? '',
                grade: preview.fields.grade ?? '',
                on: preview.fields.issuedOn ?? '',
              })}
            </p>
          ) : null}
          {preview.fields.kind === 'cancel' ? <p>{of('cancelReason', preview.fields.reason)}</p> : null}
          <Button type="primary" size="small" loading={change.isPending} onClick={() => change.mutate(preview)}>
            {w.confirm}
          </Button>{' '}
          <Button size="small" onClick={() => setPreview(undefined)}>
            {w.cancel}
          </Button>
        </div>
      )}
    </Block>
  );
}

/** What each kind of change asks for. */
function Rest({ household, kind }: { household: Household; kind: ChangeFields['kind'] | undefined }) {
  const { w, of } = useWords();
  const villages = useVillages();
  const form = Form.useFormInstance<ChangeFields>();
  const leaving = Form.useWatch('persons', form) ?? [];
  const needed = [{ required: true, message: w.needed }];
  const members = household.members.map(({ person, name }) => ({ value: person, label: name }));
  const number = (
    <Form.Item
      name="number"
      label={w.newNumber}
      rules={[{ required: true, pattern: /^[0-9A-Z]{1,12}$/, message: w.needed }]}
      normalize={(typed: string) => (householdNumber.safeParse(typed).success ? typed : typed.trim().toUpperCase())}
    >
      <Input maxLength={12} autoComplete="off" />
    </Form.Item>
  );
  const person = (
    <Form.Item name="person" label={w.name} rules={needed}>
      <Select options={members} />
    </Form.Item>
  );
  switch (kind) {
    case undefined:
      return null;
    case 'birth':
    case 'move-in':
      return (
        <>
          <Form.Item name="name" label={w.name} rules={needed}>
            <Input maxLength={40} autoComplete="off" />
          </Form.Item>
          <Form.Item name="idNumber" label={w.idNumber} rules={needed}>
            <Input maxLength={20} autoComplete="off" />
          </Form.Item>
          <Form.Item name="relation" label={w.relation} rules={needed}>
            <Select options={relation.options.map((value) => ({ value, label: of('relation', value) }))} />
          </Form.Item>
        </>
      );
    case 'death':
    case 'move-out':
      return person;
    case 'certificate':
      return (
        <>
          {person}
          <Form.Item name="grade" label={w.disability} rules={needed}>
            <Select options={[1, 2, 3, 4].map((value) => ({ value, label: String(value) }))} />
          </Form.Item>
          <Form.Item name="issuedOn" label={w.issuedOn} rules={needed}>
            <Input type="date" />
          </Form.Item>
        </>
      );
    case 'correction':
      return (
        <>
          <Form.Item name="address" label={w.address}>
            <Input maxLength={120} />
          </Form.Item>
          <Form.Item name="phone" label={w.phone}>
            <Input maxLength={11} />
          </Form.Item>
        </>
      );
    case 'split':
      return (
        <>
          {number}
          <Form.Item name="persons" label={w.whoLeaves} rules={needed}>
            <Select
              mode="multiple"
              options={members}
              style={{ minWidth: 200 }}
              onChange={(chosen: string[]) => {
                if (!chosen.includes(form.getFieldValue('head'))) form.resetFields(['head']);
              }}
            />
          </Form.Item>
          <Form.Item name="head" label={w.newHead} rules={needed}>
            <Select options={members.filter(({ value }) => leaving.includes(value))} />
          </Form.Item>
        </>
      );
    case 'merge':
      return (
        <Form.Item
          name="into"
          label={w.mergeInto}
          rules={[
            { required: true, message: w.needed },
            {
              validator: async (_rule, typed: unknown) => {
                if (!householdId.safeParse(typed).success) throw new Error(w.mergeInto);
              },
            },
          ]}
        >
          <Input maxLength={25} autoComplete="off" />
        </Form.Item>
      );
    case 'move':
      return (
        <>
          <Form.Item name="village" label={w.moveTo} rules={needed}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              style={{ minWidth: 200 }}
              options={villages.filter(({ value }) => value !== household.id.slice(0, 12))}
            />
          </Form.Item>
          {number}
        </>
      );
    case 'cancel':
      return (
        <Form.Item name="reason" label={w.reason} rules={needed}>
          <Select options={cancelReason.options.map((value) => ({ value, label: of('cancelReason', value) }))} />
        </Form.Item>
      );
  }
}

/** The households before and after, so that a slip is seen before it is written. */
function Preview({ household, fields, other }: Previewed) {
  const { w, of } = useWords();
  const { members, address, related } = previewOf(household, fields, other);
  const told = (names: readonly string[]): string => `${names.length} ${w.peopleUnit}${w.colon}${names.join(w.and)}`;
  return (
    <table className="plain">
      <tbody>
        <tr>
          <td className="quiet">{w.beforeChange}</td>
          <td>
            {told(household.members.map(({ name }) => name))} {household.address ?? ''}
          </td>
        </tr>
        <tr>
          <td className="quiet">{w.afterChange}</td>
          <td>{members === null ? of('householdStatus', 'cancelled') : `${told(members)} ${address}`}</td>
        </tr>
        {related === undefined ? null : (
          <tr>
            <td className="quiet">
              {fields.kind === 'merge' ? w.joinedHousehold : w.newHousehold} {related.id}
            </td>
            <td>{told(related.members)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
