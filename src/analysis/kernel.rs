//! Kernels: how the weight of one event spreads over its surroundings.
//!
//! Each kernel `K(t)` takes the distance as a share of the bandwidth, `t = d / h`, and integrates to
//! 1 over the plane when `d` is in units of `h`; a density is therefore `K(d / h) / h²` per event.
//! The constants are those of the two-dimensional radial kernels (Silverman 1986, section 4.2).

use std::f64::consts::{FRAC_1_PI, TAU};

/// The shape of the spreading. All but [`Kernel::Gaussian`] are 0 from the bandwidth on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// The same everywhere inside the radius: `1/π`.
    Uniform,
    /// A cone: `3/π (1 - t)`.
    Triangular,
    /// A paraboloid: `2/π (1 - t²)`.
    Epanechnikov,
    /// Also called biweight: `3/π (1 - t²)²`. Smooth at the border and nearly Gaussian.
    #[default]
    Quartic,
    /// `4/π (1 - t²)³`.
    Triweight,
    /// `exp(-t²/2) / 2π`; the bandwidth is the standard deviation along each axis.
    Gaussian,
}

impl Kernel {
    /// Every kernel, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Uniform, Self::Triangular, Self::Epanechnikov, Self::Quartic, Self::Triweight, Self::Gaussian];

    /// The name used in parameters and answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Triangular => "triangular",
            Self::Epanechnikov => "epanechnikov",
            Self::Quartic => "quartic",
            Self::Triweight => "triweight",
            Self::Gaussian => "gaussian",
        }
    }

    /// The kernel of a [`code`](Self::code).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kernel| kernel.code() == code)
    }

    /// `K(t)` for the square of `t = d / h`. At `t = 1` every kernel but the Gaussian is 0, the
    /// uniform one too.
    pub fn at_squared(self, t_squared: f64) -> f64 {
        let inside = 1.0 - t_squared;
        if self == Self::Gaussian {
            return self.at_centre() * (-0.5 * t_squared).exp();
        }
        if inside <= 0.0 {
            return 0.0;
        }
        let shape = match self {
            Self::Uniform => 1.0,
            Self::Triangular => 1.0 - t_squared.sqrt(),
            Self::Epanechnikov => inside,
            Self::Quartic => inside * inside,
            Self::Triweight => inside * inside * inside,
            Self::Gaussian => unreachable!("answered above"),
        };
        self.at_centre() * shape
    }

    /// `K(0)`, the largest value.
    pub fn at_centre(self) -> f64 {
        match self {
            Self::Uniform => FRAC_1_PI,
            Self::Triangular | Self::Quartic => 3.0 * FRAC_1_PI,
            Self::Epanechnikov => 2.0 * FRAC_1_PI,
            Self::Triweight => 4.0 * FRAC_1_PI,
            Self::Gaussian => 1.0 / TAU,
        }
    }

    /// How far an event reaches along each axis, in bandwidths. The Gaussian is cut at 8.5 standard
    /// deviations, where it has fallen to 2e-16 of its centre.
    pub fn reach(self) -> f64 {
        if self == Self::Gaussian { 8.5 } else { 1.0 }
    }
}

/// A bandwidth in metres: the radius of a kernel, or the standard deviation of the Gaussian one.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Bandwidth(f64);

/// A number that is no bandwidth.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "a bandwidth of {bandwidth_m} m is not possible: from {} to {} m is accepted",
    Bandwidth::MIN_M,
    Bandwidth::MAX_M
)]
pub struct InvalidBandwidth {
    /// What was given, metres.
    pub bandwidth_m: f64,
}

impl Bandwidth {
    /// Least accepted: a millimetre, below which positions in metres have no meaning.
    pub const MIN_M: f64 = 0.001;
    /// Most accepted: half-way round the Earth.
    pub const MAX_M: f64 = 2e7;

    /// Checks that the number is finite and in range.
    pub fn new(bandwidth_m: f64) -> Result<Self, InvalidBandwidth> {
        if (Self::MIN_M..=Self::MAX_M).contains(&bandwidth_m) {
            Ok(Self(bandwidth_m))
        } else {
            Err(InvalidBandwidth { bandwidth_m })
        }
    }

    /// Metres.
    pub fn m(self) -> f64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_integrates_to_one_over_the_plane() {
        for kernel in Kernel::ALL {
            // Midpoint rule for the integral of K(t) 2 pi t dt.
            let (steps, reach) = (200_000, kernel.reach());
            let width = reach / steps as f64;
            let total: f64 =
                (0..steps).map(|i| (i as f64 + 0.5) * width).map(|t| kernel.at_squared(t * t) * TAU * t * width).sum();
            assert!((total - 1.0).abs() < 1e-9, "{kernel:?}: {total}");
        }
    }

    #[test]
    fn at_the_radius_every_bounded_kernel_is_zero() {
        for kernel in Kernel::ALL.into_iter().filter(|&k| k != Kernel::Gaussian) {
            assert!(kernel.at_squared(1.0) <= 0.0 && kernel.at_squared(1.0 - 1e-9) > 0.0, "{kernel:?}");
        }
    }

    #[test]
    fn codes_name_their_kernel_and_nothing_else_does() {
        for kernel in Kernel::ALL {
            assert_eq!(Kernel::from_code(kernel.code()), Some(kernel));
        }
        assert_eq!(Kernel::from_code("Quartic"), None);
        assert_eq!(Kernel::default(), Kernel::Quartic);
    }

    #[test]
    fn a_bandwidth_is_a_positive_number_of_metres() {
        assert_eq!(Bandwidth::new(250.0).map(|h| h.m() as u32), Ok(250));
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Bandwidth::new(wrong).is_err());
        }
    }
}
