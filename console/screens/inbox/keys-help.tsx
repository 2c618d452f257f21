import { Modal } from 'antd';
import { useWords } from '../../words/language.tsx';

export function KeysHelp({ open, close }: { open: boolean; close: () => void }) {
  const { w } = useWords();
  const keys: readonly (readonly [string, string])[] = [
    ['J / ↓', w.keyNext],
    ['K / ↑', w.keyBefore],
    ['X', w.keyMark],
    ['A', w.keyApprove],
    ['B', w.keySendBack],
    ['R', w.keyReject],
    ['Ctrl + Enter', w.keySubmit],
    ['Esc', w.keyLeave],
    ['?', w.keys],
  ];
  return (
    <Modal destroyOnHidden open={open} onCancel={close} footer={null} title={w.keys} width={420}>
      <table className="keys">
        <tbody>
          {keys.map(([key, what]) => (
            <tr key={key}>
              <td>
                <kbd>{key}</kbd>
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
