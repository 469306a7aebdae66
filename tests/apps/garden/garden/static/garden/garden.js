// tells what a browser made of the style sheets
const told = document.createElement("p");
told.textContent = "h1 is " + getComputedStyle(document.querySelector("h1")).color
  + ", " + document.styleSheets.length + " sheets, " + document.styleSheets[1].cssRules.length + " rules of the admin's";
document.body.append(told);
