import { Check, Languages, Monitor, Moon, Sun } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { languages, isLanguage } from '../i18n/languages.ts';
import { useLanguage, useText } from '../i18n/text.tsx';
import { goTo } from '../routes/location.ts';
import { prefer, type Theme } from '../state/preferences.ts';
import { usePreferences } from '../state/use-store.ts';
import { IconButton } from './button.tsx';
import { Logo } from './logo.tsx';
import './app-header.css';

/** The top of the pages outside of a call. */
export function AppHeader() {
  const { app } = useText();
  const toHome = (event: React.MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    goTo('/');
  };
  return (
    <header className="app-header">
      <a href="/" onClick={toHome} aria-label={app.name}>
        <Logo />
      </a>
      <nav>
        <LanguageMenu />
        <ThemeMenu />
      </nav>
    </header>
  );
}

export function LanguageMenu() {
  const { common } = useText();
  const language = useLanguage();
  return (
    <MenuTrigger>
      <IconButton label={common.language} icon={<Languages size={20} />} testId="language" />
      <Popover className="popover" placement="bottom end">
        <Menu
          className="list"
          aria-label={common.language}
          selectionMode="single"
          selectedKeys={[language]}
          onAction={(key) => isLanguage(key) && prefer({ language: key })}
        >
          {Object.entries(languages).map(([id, { name, tag }]) => (
            <MenuItem key={id} id={id} className="list-item" textValue={name}>
              <span className="list-item-text" lang={tag}>
                {name}
              </span>
              <Check className="list-item-check" size={16} aria-hidden="true" />
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

const themes = ['auto', 'light', 'dark'] as const satisfies readonly Theme[];
const themeIcons = { auto: Monitor, light: Sun, dark: Moon };

export function ThemeMenu() {
  const { common } = useText();
  const { theme } = usePreferences();
  const names = { auto: common.themeAuto, light: common.themeLight, dark: common.themeDark };
  const Icon = themeIcons[theme];
  return (
    <MenuTrigger>
      <IconButton label={common.theme} icon={<Icon size={20} />} testId="theme" />
      <Popover className="popover" placement="bottom end">
        <Menu
          className="list"
          aria-label={common.theme}
          selectionMode="single"
          selectedKeys={[theme]}
          onAction={(key) => prefer({ theme: themes.find((name) => name === key) ?? 'auto' })}
        >
          {themes.map((id) => {
            const ItemIcon = themeIcons[id];
            return (
              <MenuItem key={id} id={id} className="list-item" textValue={names[id]}>
                <ItemIcon size={18} aria-hidden="true" />
                <span className="list-item-text">{names[id]}</span>
                <Check className="list-item-check" size={16} aria-hidden="true" />
              </MenuItem>
            );
          })}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
