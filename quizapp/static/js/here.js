// The main menu stands at the page one is on, where it is wider than the screen. Without this
// module it stands at its beginning and is moved by hand.

const here = document.querySelector(".site-nav [aria-current]");

if (here) {
  const nav = here.parentElement;
  const left = here.offsetLeft - nav.offsetLeft;
  nav.scrollLeft = left - (nav.clientWidth - here.offsetWidth) / 2;
}
