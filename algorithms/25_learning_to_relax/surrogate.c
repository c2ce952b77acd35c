/* algorithms/25_learning_to_relax/surrogate.c: bounds on the iterations of SOR and of SSOR-preconditioned CG. */
#include <math.h>

#include "algorithms/25_learning_to_relax/relax.h"

double relax_omega_star(double beta)
{
    const double root = beta / (1 + sqrt(1 - beta * beta));
    return 1 + root * root;
}

double relax_radius(double omega, double beta)
{
    if (omega >= relax_omega_star(beta)) return omega - 1;
    const double half = omega * beta + sqrt(fmax(omega * omega * beta * beta - 4 * (omega - 1), 0));
    return half * half / 4;
}

double relax_surrogate(double rho, double tau, double eps) { return 1 + log(eps) / log(rho + tau * (1 - rho)); }

/* |dU/domega| = (-ln eps) (1 - tau) / (s ln^2 s), s = rho + tau (1 - rho), largest where s is, at omega_max or just above beta^2 */
double relax_lipschitz(double beta, double tau, double eps, double omega_max)
{
    const double alpha = tau + (1 - tau) * fmax(beta * beta, omega_max - 1), l = log(alpha);
    return -log(eps) * (1 - tau) / (alpha * l * l);
}

/* (D/2 + L) D^-1 (D/2 + L') = A/2 - D/4 + L D^-1 L' <= A/2 + excess D, and D <= A/gamma: excess must not be negative */
double relax_energy(double omega, double gamma, double lower)
{
    const double Omega = (2 - omega) / (2 * omega), excess = fmax(lower - .25, 0);
    return sqrt(1 - 2 * Omega * gamma / (Omega * Omega + gamma / omega + excess));
}

double relax_cg_bound(double omega, double kappa, double alpha, double beta, double eps)
{
    const double rest = 2 - omega;
    const double inverse = (1 + rest * rest / (4 * omega) * alpha + beta * omega) / rest;
    return 1 + log(sqrt(kappa) / eps + sqrt(kappa / (eps * eps) - 1)) / -log(1 - 2 / (1 + sqrt(inverse)));
}
