/** Light, dark, or as the system has it. */
import { Choice } from "../controls/Choice.tsx";
import { type ThemeChoice, themeChoice } from "./theme.ts";

const options: readonly { value: ThemeChoice; text: string }[] = [
  { value: "auto", text: "As the system" },
  { value: "light", text: "Light" },
  { value: "dark", text: "Dark" },
];

export function ThemeSwitch() {
  return <Choice label="Colours" value={themeChoice} options={options} />;
}
