/** Who somebody is: names, passwords and tokens. */
@NullMarked
package dev.guildhall.examples.chat.account;

import org.jspecify.annotations.NullMarked;
