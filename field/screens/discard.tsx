import { useState } from 'preact/hooks';
import { t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import type { Form } from '../keep/forms.ts';
import type { Go } from './place.ts';

/** Throws a draft away, at the second touch only. A finished form has no such button. */
export function Discard({ desk, form, go }: { desk: Desk; form: Form; go: Go }) {
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      class={sure ? 'quiet danger' : 'quiet'}
      onClick={() => {
        if (sure) void desk.discard(form).then(() => go({ at: 'list' }));
        else setSure(true);
      }}
    >
      {sure
        ? t('再按一次，删除这份草稿', 'Touch again to delete this draft')
        : t('不填了，删除草稿', 'Delete this draft')}
    </button>
  );
}
