import { TranslationOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useWords } from '../words/language.tsx';

export function LanguageSwitch() {
  const { w, language, setLanguage } = useWords();
  return (
    <Button
      className="language"
      aria-label={w.language}
      type="text"
      icon={<TranslationOutlined />}
      onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
    >
      {w.language}
    </Button>
  );
}
