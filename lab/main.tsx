/** The start of the page. */
import { render } from "preact";
import { Page } from "./page/Page.tsx";
import "./style/tokens.css";
import "./style/page.css";
import "./style/figure.css";
import "./style/controls.css";

render(<Page />, document.getElementById("page")!);
